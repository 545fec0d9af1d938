namespace Headroom.Analytics.Demand;

/// <summary>How many were at risk of ending in each bin of age, and how many did.</summary>
/// <remarks>Who enters or is lost from sight inside a bin is at risk for half of it (the actuarial convention).</remarks>
internal sealed class RiskTable
{
    private readonly double[] _ends = new double[RuntimeBins.Count];
    private readonly double[] _edges = new double[RuntimeBins.Count];
    private readonly double[] _through = new double[RuntimeBins.Count + 1];

    /// <summary>One job lived from one age to another, and speaks for <paramref name="weight"/> like it.</summary>
    public void Live(double entry, double exit, bool ended, double weight = 1)
    {
        var (first, last) = (RuntimeBins.Of(entry), RuntimeBins.Of(exit));
        if (first < last)
        {
            _edges[first] += entry > RuntimeBins.Low(first) ? 0.5 * weight : weight;
            _through[first + 1] += weight;
            _through[last] -= weight;
        }

        _edges[last] += ended ? weight : 0.5 * weight;
        _ends[last] += ended ? weight : 0;
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

    /// <returns>Null: neither is there.</returns>
    public static RiskTable? Sum(RiskTable? left, RiskTable? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        var sum = new RiskTable();
        sum.Add(left);
        sum.Add(right);
        return sum;
    }

    /// <summary>How many ended.</summary>
    public double Ends => _ends.Sum();

    /// <summary>P(ends in the bin | reaches it), as if <paramref name="strength"/> more jobs at risk had ended by <paramref name="prior"/>.</summary>
    /// <param name="weight">How many jobs one of this table counts for.</param>
    public double[] Chances(double[] prior, double strength, double weight = 1)
    {
        var chances = new double[_ends.Length];
        var through = 0.0;
        for (var bin = 0; bin < chances.Length; bin++)
        {
            through += _through[bin];
            chances[bin] = Math.Min(Hazards.Certain, ((weight * _ends[bin]) + (strength * prior[bin])) / ((weight * (_edges[bin] + through)) + strength));
        }

        return chances;
    }
}
