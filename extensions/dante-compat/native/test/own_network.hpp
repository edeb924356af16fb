// A network namespace of the calling thread's own, so that runs of the tests beside each other do not hear
// each other: PTPv1 has no domains to tell them apart by.
#pragma once

namespace tutti::dante_compat::test {

// Threads that are started while it lives are in it, too. Without the right to make one, everything stays as
// it is.
class OwnNetwork {
  public:
    OwnNetwork();
    ~OwnNetwork();
    OwnNetwork(const OwnNetwork&) = delete;
    OwnNetwork& operator=(const OwnNetwork&) = delete;

    bool is_own() const { return former_ >= 0; }

  private:
    int former_ = -1;
};

} // namespace tutti::dante_compat::test
