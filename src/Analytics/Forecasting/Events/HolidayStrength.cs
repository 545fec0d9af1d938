namespace Headroom.Analytics.Forecasting.Events;

/// <summary>How much the days of one holiday differ from ordinary ones, and how often as many ordinary days, as far apart, differ as much.</summary>
internal sealed class HolidayStrength
{
    /// <summary>Days of a holiday on either side that a day is averaged with: neighbors differ in one direction.</summary>
    private const int Around = 2;

    private readonly double[] _shares;
    private readonly int[] _keys;
    private readonly int _from;
    private readonly int _length;
    private readonly double _shrinkage;
    private readonly int[] _places;

    /// <param name="shares">By day, what it is above an ordinary one, as a share of that; NaN where unknown.</param>
    /// <param name="keys">By day, its key in <see cref="ChineseHolidays"/>.</param>
    /// <param name="from">The first key of the holiday.</param>
    /// <param name="length">How many keys it has.</param>
    /// <param name="shrinkage">Years of no effect that each day is averaged with.</param>
    public HolidayStrength(double[] shares, int[] keys, int from, int length, double shrinkage)
    {
        (_shares, _keys, _from, _length, _shrinkage) = (shares, keys, from, length, shrinkage);
        _places = [.. Enumerable.Range(0, keys.Length).Where(i => keys[i] >= from && keys[i] < from + length && double.IsFinite(shares[i]))];
    }

    /// <summary>The share of calendars, itself among the moved ones, that show at least as much, above 0 to 1.</summary>
    public double ChanceOfAsMuch()
    {
        if (_places.Length == 0)
        {
            return 1;
        }

        var (itself, moved, asMuch) = (Of(0), 1, 1);
        for (var shift = -_keys.Length; shift < _keys.Length; shift++)
        {
            if (shift != 0 && Of(shift) is var strength && double.IsFinite(strength))
            {
                (moved, asMuch) = (moved + 1, asMuch + (strength >= itself ? 1 : 0));
            }
        }

        return (double)asMuch / moved;
    }

    // Mean square over its days, each with its neighbors, of the shrunk average of its years, as often as there are years. NaN: half of the days fall outside or on holidays.
    private double Of(int shift)
    {
        Span<double> sums = stackalloc double[_length];
        Span<int> years = stackalloc int[_length];
        var known = 0;
        foreach (var place in _places)
        {
            var at = place + shift;
            if (at >= 0 && at < _shares.Length && (shift == 0 || _keys[at] < 0) && double.IsFinite(_shares[at]))
            {
                sums[_keys[place] - _from] += _shares[at];
                years[_keys[place] - _from]++;
                known++;
            }
        }

        if (2 * known <= _places.Length)
        {
            return double.NaN;
        }

        for (var day = 0; day < _length; day++)
        {
            sums[day] = years[day] > 0 ? Math.Sqrt(years[day]) * sums[day] / (years[day] + _shrinkage) : 0;
        }

        return MeanSquare(sums);
    }

    private static double MeanSquare(ReadOnlySpan<double> effects)
    {
        var squares = 0.0;
        for (var day = 0; day < effects.Length; day++)
        {
            var (first, end) = (Math.Max(0, day - Around), Math.Min(effects.Length, day + Around + 1));
            var sum = 0.0;
            for (var near = first; near < end; near++)
            {
                sum += effects[near];
            }

            squares += sum * sum / (end - first);
        }

        return squares / effects.Length;
    }
}
