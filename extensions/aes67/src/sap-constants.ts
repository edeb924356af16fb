/** UDP port of SAP (RFC 2974 section 4). */
export const sapPort = 9875;

/** IP TTL of announcements (RFC 2974 section 3): their scope is that of the group, not of the TTL. */
export const sapTtl = 255;
