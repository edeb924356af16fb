// The walk over a block, the same for every vector unit. Included inside the unit's own unnamed namespace,
// because functions are inlined only into functions of the same target. The including file defines before:
//   TARGET        the function attribute that allows the unit's instructions, or nothing
//   Vector<Wire>  converts eight or four adjacent samples, touching exactly theirs:
//                 decode8, decode4 (const uint8_t* wire, float* samples), encode8, encode4 (const float*,
//                 uint8_t*)
// A remainder is done by one more step that ends at the run's last sample and converts some samples a second
// time, to the same values.

// Samples that lie next to each other on both sides, and how often such a run comes.
struct Runs {
    size_t samples;
    size_t count;
};

template <class Wire>
TARGET inline Runs runs_of(size_t wire_stride, size_t sample_stride, uint32_t channels, uint32_t frames) {
    const bool packed = wire_stride == channels * Wire::bytes && sample_stride == channels;
    return packed ? Runs{size_t{channels} * frames, 1} : Runs{channels, frames};
}

template <class Wire>
TARGET void decode_block(const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride,
                         uint32_t channels, uint32_t frames) {
    const auto [n, count] = runs_of<Wire>(wire_stride, sample_stride, channels, frames);
    for (size_t run = 0; run < count; ++run) {
        const uint8_t* const from = wire + run * wire_stride;
        float* const to = samples + run * sample_stride;
        if (n >= 8) {
            size_t i = 0;
            for (; i + 8 <= n; i += 8)
                Vector<Wire>::decode8(from + i * Wire::bytes, to + i);
            if (i < n)
                Vector<Wire>::decode8(from + (n - 8) * Wire::bytes, to + n - 8);
        } else if (n >= 4) {
            Vector<Wire>::decode4(from, to);
            if (n > 4)
                Vector<Wire>::decode4(from + (n - 4) * Wire::bytes, to + n - 4);
        } else {
            for (size_t i = 0; i < n; ++i)
                to[i] = Wire::decode(from + i * Wire::bytes);
        }
    }
}

template <class Wire>
TARGET void encode_block(const float* samples, size_t sample_stride, uint8_t* wire, size_t wire_stride,
                         uint32_t channels, uint32_t frames) {
    const auto [n, count] = runs_of<Wire>(wire_stride, sample_stride, channels, frames);
    for (size_t run = 0; run < count; ++run) {
        const float* const from = samples + run * sample_stride;
        uint8_t* const to = wire + run * wire_stride;
        if (n >= 8) {
            size_t i = 0;
            for (; i + 8 <= n; i += 8)
                Vector<Wire>::encode8(from + i, to + i * Wire::bytes);
            if (i < n)
                Vector<Wire>::encode8(from + n - 8, to + (n - 8) * Wire::bytes);
        } else if (n >= 4) {
            Vector<Wire>::encode4(from, to);
            if (n > 4)
                Vector<Wire>::encode4(from + n - 4, to + (n - 4) * Wire::bytes);
        } else {
            for (size_t i = 0; i < n; ++i)
                Wire::encode(from[i], to + i * Wire::bytes);
        }
    }
}
