namespace Headroom.Analytics.Demand;

/// <summary>Ends and time at risk by bin of age.</summary>
internal sealed class RiskTable
{
    private readonly double[] _ends = new double[RuntimeBins.Count];
    private readonly double[] _part = new double[RuntimeBins.Count];
    private readonly double[] _through = new double[RuntimeBins.Count + 1];

    /// <summary>One job lived from one age to another.</summary>
    public void Live(double entry, double exit, bool ended)
    {
        var (first, last) = (RuntimeBins.Of(entry), RuntimeBins.Of(exit));
        if (first == last)
        {
            _part[first] += exit - entry;
        }
        else
        {
            _part[first] += RuntimeBins.Low(first) + RuntimeBins.Width(first) - entry;
            _part[last] += exit - RuntimeBins.Low(last);
            _through[first + 1]++;
            _through[last]--;
        }

        _ends[last] += ended ? 1 : 0;
    }

    public void Add(RiskTable other)
    {
        for (var bin = 0; bin < _ends.Length; bin++)
        {
            _ends[bin] += other._ends[bin];
            _part[bin] += other._part[bin];
            _through[bin] += other._through[bin];
        }
    }

    /// <summary>By bin: how many ended, and units of age at risk.</summary>
    public (double Ends, double Risk)[] Bins()
    {
        var bins = new (double, double)[_ends.Length];
        var through = 0.0;
        for (var bin = 0; bin < bins.Length; bin++)
        {
            through += _through[bin];
            bins[bin] = (_ends[bin], _part[bin] + (through * RuntimeBins.Width(bin)));
        }

        return bins;
    }
}
