/** Opaque: the vendor uses UUIDs and shows `biz_...`. Nothing that means something in a path. */
export const businessIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
