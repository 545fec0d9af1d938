using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Hours in a row, and the mean devices wanted in each.</summary>
/// <remarks>Sums are integers (device-microseconds), so that any split of a log adds up to the whole.</remarks>
/// <param name="from">Start of the first hour. Unit: microseconds since the Unix epoch.</param>
internal sealed class HourGrid(long from, int hours)
{
    private readonly long[] _whole = new long[hours + 1];
    private readonly long[] _part = new long[hours];

    public int Hours => hours;

    public long From => from;

    public long Until => Start(hours);

    public long Start(int hour) => from + (hour * Micros.PerHour);

    /// <summary>Counts <paramref name="devices"/> over what of the window lies in the grid.</summary>
    public void Add(Window window, int devices)
    {
        var inside = window.Within(new(from, Until));
        if (inside.IsEmpty)
        {
            return;
        }

        var (first, last) = ((int)((inside.From - from) / Micros.PerHour), (int)((inside.Until - 1 - from) / Micros.PerHour));
        if (first == last)
        {
            _part[first] += devices * (inside.Until - inside.From);
            return;
        }

        _part[first] += devices * (Start(first + 1) - inside.From);
        _part[last] += devices * (inside.Until - Start(last));
        _whole[first + 1] += devices;
        _whole[last] -= devices;
    }

    /// <summary>Mean devices by hour.</summary>
    public double[] Means()
    {
        var means = new double[hours];
        var whole = 0L;
        for (var hour = 0; hour < hours; hour++)
        {
            whole += _whole[hour];
            means[hour] = whole + ((double)_part[hour] / Micros.PerHour);
        }

        return means;
    }
}
