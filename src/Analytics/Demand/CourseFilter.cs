namespace Headroom.Analytics.Demand;

/// <summary>What a Kalman filter leaves of days and of a line through them. Unit of variances: that of the scatter of a day.</summary>
/// <param name="Kept">Share of a wave that is left a day later.</param>
/// <param name="Days">Known ones.</param>
/// <param name="LogDeterminant">Of the days, given a line whose level is not known.</param>
/// <param name="Squares">Of the days, less what a level explains.</param>
/// <param name="LevelInformation">Weighted squares of the level's share in the days.</param>
/// <param name="GrowthInformation">The same of growth, less what a level explains.</param>
/// <param name="GrowthScore">Weighted products of days and growth, less what a level explains.</param>
/// <param name="LevelMean">The level that explains the days best without growth.</param>
/// <param name="LevelSlope">How it falls with growth.</param>
/// <param name="State">Wave of the last day as if there were no line; the next two: of the level's and growth's share in the days.</param>
/// <param name="StateVariance">Of the wave of the last day.</param>
internal sealed record CourseFilter(
    double Kept,
    double WaveVariance,
    int Days,
    double LogDeterminant,
    double Squares,
    double LevelInformation,
    double GrowthInformation,
    double GrowthScore,
    double LevelMean,
    double LevelSlope,
    double State,
    double LevelState,
    double GrowthState,
    double StateVariance)
{
    public double LevelAt(double growth) => LevelMean + (LevelSlope * growth);

    /// <param name="shares">Days as shares of <paramref name="sizes"/>, weekdays taken out; NaN is a gap.</param>
    /// <param name="kept">1: waves begin at none, as the level is free to be where they began.</param>
    public static CourseFilter Run(double[] shares, double[] sizes, double kept, double waveVariance)
    {
        var variance = kept < 1 ? waveVariance / (1 - (kept * kept)) : 0;
        var (state, levelState, growthState) = (0.0, 0.0, 0.0);
        var (days, log, zz, za, zb, aa, ab, bb) = (0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var day = 0; day < shares.Length; day++)
        {
            if (day > 0)
            {
                (state, levelState, growthState) = (kept * state, kept * levelState, kept * growthState);
                variance = (kept * kept * variance) + waveVariance;
            }

            if (double.IsFinite(shares[day]))
            {
                var (z, a, b) = (shares[day] - state, (1 / sizes[day]) - levelState, ((day - shares.Length + 1) / sizes[day]) - growthState);
                var (spread, gain) = (variance + 1, variance / (variance + 1));
                (days, log) = (days + 1, log + Math.Log(spread));
                (zz, za, zb) = (zz + (z * z / spread), za + (z * a / spread), zb + (z * b / spread));
                (aa, ab, bb) = (aa + (a * a / spread), ab + (a * b / spread), bb + (b * b / spread));
                (state, levelState, growthState) = (state + (gain * z), levelState + (gain * a), growthState + (gain * b));
                variance *= 1 - gain;
            }
        }

        if (aa <= 0)
        {
            return new(kept, waveVariance, days, log, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        return new(
            kept, waveVariance, days, log + Math.Log(aa), Math.Max(0, zz - (za * za / aa)), aa, Math.Max(0, bb - (ab * ab / aa)), zb - (ab * za / aa), za / aa, -ab / aa, state, levelState, growthState, variance);
    }
}
