namespace Headroom.Analytics.Demand;

/// <summary>How many were at risk of ending in each bin of age, and how many did.</summary>
/// <remarks>Who enters or is lost from sight inside a bin is at risk for half of it (the actuarial convention).</remarks>
internal sealed class RiskTable
{
    private readonly double[] _ends = new double[RuntimeBins.Count];
    private readonly double[] _edges = new double[RuntimeBins.Count];
    private readonly double[] _through = new double[RuntimeBins.Count + 1];

    /// <summary>One job lived from one age to another.</summary>
    public void Live(double entry, double exit, bool ended)
    {
        var (first, last) = (RuntimeBins.Of(entry), RuntimeBins.Of(exit));
        if (first < last)
        {
            _edges[first] += entry > RuntimeBins.Low(first) ? 0.5 : 1;
            _through[first + 1]++;
            _through[last]--;
        }

        _edges[last] += ended ? 1 : 0.5;
        _ends[last] += ended ? 1 : 0;
    }

    public void Add(RiskTable other)
    {
        for (var bin = 0; bin < _ends.Length; bin++)
        {
            _ends[bin] += other._ends[bin];
            _edges[bin] += other._edges[bin];
            _through[bin] += other._through[bin];
        }
    }

    /// <summary>By bin: how many ended, of how many at risk.</summary>
    public (double Ends, double AtRisk)[] Bins()
    {
        var bins = new (double, double)[_ends.Length];
        var through = 0.0;
        for (var bin = 0; bin < bins.Length; bin++)
        {
            through += _through[bin];
            bins[bin] = (_ends[bin], _edges[bin] + through);
        }

        return bins;
    }
}
