namespace Headroom.ForecastBench;

/// <summary>How sure the share is that a band held. Series of a set share their calendar: what a date does to one it may do to all, so that many series on one date are not many trials.</summary>
/// <param name="Cases">The share held in each.</param>
internal sealed record HeldShare(IReadOnlyList<(string Series, int Origin, double Share)> Cases)
{
    /// <summary>Twice the standard error, clustered by series and by date. Unit: percent.</summary>
    /// <remarks>Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011): variance by series plus by date less that of the cases.</remarks>
    public double TwoErrors() =>
        200 * Math.Sqrt(Math.Max(Variance(c => c.Series), Variance(c => c.Series) + Variance(c => c.Origin) - Variance(c => (c.Series, c.Origin))));

    /// <summary>The same for one date, which cannot say what another would have done: how much dates differ is taken from the origins inside the training part.</summary>
    public double TwoErrors(HeldShare inside) => 200 * Math.Sqrt(Variance(c => c.Series) + inside.BetweenDates());

    /// <summary>The variance of a date's mean that is more than its series by themselves give; 0 for fewer than two dates.</summary>
    private double BetweenDates()
    {
        var dates = Cases.GroupBy(c => c.Origin).Select(date => new HeldShare([.. date])).Where(date => date.Cases.Count > 1).ToList();
        if (dates.Count < 2)
        {
            return 0;
        }

        var mean = dates.Average(date => date.Mean);
        return Math.Max(0, (dates.Sum(date => (date.Mean - mean) * (date.Mean - mean)) / (dates.Count - 1)) - dates.Average(date => date.Variance(c => c.Series)));
    }

    private double Mean => Cases.Average(c => c.Share);

    /// <summary>Of the mean, were the groups independent of each other. A group alone says nothing: 0.</summary>
    private double Variance<TKey>(Func<(string Series, int Origin, double Share), TKey> by)
    {
        var mean = Mean;
        var sums = Cases.GroupBy(by).Select(group => group.Sum(c => c.Share - mean)).ToList();
        return sums.Count < 2 ? 0 : sums.Sum(sum => sum * sum) / Cases.Count / Cases.Count * sums.Count / (sums.Count - 1);
    }
}
