/** The values of a DeviceTimeAns. */
export interface GpsTime {
  /** Seconds since 6 January 1980, 0 h UTC, counting leap seconds. */
  readonly secondsSinceGpsEpoch: number;
  /** Steps of 1/256 s, 0..255. */
  readonly fractionalSecond: number;
}

const gpsEpochUnixSeconds = 315_964_800;

/** Unix seconds of each midnight UTC that followed a leap second since the GPS epoch. */
const leapSeconds = [
  362_793_600, // 1981-07-01
  394_329_600, // 1982-07-01
  425_865_600, // 1983-07-01
  489_024_000, // 1985-07-01
  567_993_600, // 1988-01-01
  631_152_000, // 1990-01-01
  662_688_000, // 1991-01-01
  709_948_800, // 1992-07-01
  741_484_800, // 1993-07-01
  773_020_800, // 1994-07-01
  820_454_400, // 1996-01-01
  867_715_200, // 1997-07-01
  915_148_800, // 1999-01-01
  1_136_073_600, // 2006-01-01
  1_230_768_000, // 2009-01-01
  1_341_100_800, // 2012-07-01
  1_435_708_800, // 2015-07-01
  1_483_228_800, // 2017-01-01
];

/**
 * GPS time counts every second and Unix time leaves the leap seconds out, so the two drift apart:
 * by 18 seconds since 2017 (LoRaWAN 1.1 §5.12 still prints 17).
 *
 * @param unixMs milliseconds since 1970-01-01, not before the GPS epoch
 */
export function gpsTimeFromUnixMs(unixMs: number): GpsTime {
  const unixSeconds = Math.floor(unixMs / 1000);
  const leaps = leapSeconds.filter((second) => second <= unixSeconds).length;
  return {
    secondsSinceGpsEpoch: unixSeconds - gpsEpochUnixSeconds + leaps,
    fractionalSecond: Math.floor(((unixMs - unixSeconds * 1000) * 256) / 1000),
  };
}

/** The Unix time of a GPS time in milliseconds. A leap second is the second before its midnight. */
export function unixMsFromGpsTime({ secondsSinceGpsEpoch, fractionalSecond }: GpsTime): number {
  const leaps = leapSeconds.filter(
    (second, index) => second - gpsEpochUnixSeconds + index < secondsSinceGpsEpoch,
  ).length;
  const unixSeconds = secondsSinceGpsEpoch + gpsEpochUnixSeconds - leaps;
  return unixSeconds * 1000 + (fractionalSecond * 1000) / 256;
}
