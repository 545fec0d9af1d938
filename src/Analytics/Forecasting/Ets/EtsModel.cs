using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.Ets;

/// <summary>A fitted model of the family: its form, its parameters, and its states after the last value.</summary>
internal sealed class EtsModel
{
    private readonly double[] _start;
    private readonly double[] _season;
    private readonly double _level;
    private readonly double _slope;
    private readonly double _spread;

    private EtsModel(double[] values, EtsForm form, double[] start, EtsParameters from, double spread, int evaluations)
    {
        (Form, _start, _spread) = (form, start, spread);
        (Parameters, Likelihood) = EtsFit.Of(values, form, start, from, spread, evaluations);
        _season = form.Season == EtsSeason.None ? [] : [.. start];
        _ = EtsFilter.Run(values, form, Parameters, _season, out _level, out _slope);
    }

    public EtsForm Form { get; }

    public EtsParameters Parameters { get; }

    public double Likelihood { get; }

    /// <summary>The sound model with the least corrected criterion: -2 log L + 2 k n / (n - k - 1), k parameters, n values.</summary>
    public static EtsModel Choose(double[] values, int season) => Choose(values, season, _ => true);

    public static EtsModel Choose(double[] values, int season, Func<EtsForm, bool> among)
    {
        var spread = Spread(values);
        var positive = IsPositive(values);
        var (best, least) = (default(EtsModel), double.PositiveInfinity);
        foreach (var form in EtsForm.Sound)
        {
            var counted = form.Counted(season);
            if (!among(form) || (form.NeedsPositive && !positive) || (form.Season != EtsSeason.None && season == 1) || values.Length - counted - 1 <= 0)
            {
                continue;
            }

            var start = form.Season == EtsSeason.None ? [] : Start(values, season, form.Season);
            var model = new EtsModel(values, form, start, EtsFit.Begin(values, form, start), spread, evaluations: 120);
            var criterion = model.Likelihood + (2.0 * counted * values.Length / (values.Length - counted - 1));
            (best, least) = criterion < least ? (model, criterion) : (best, least);
        }

        return best ?? Fixed(values, new(EtsError.Additive, EtsTrend.None, EtsSeason.None), 1);
    }

    /// <summary>One form, whatever the criterion says.</summary>
    public static EtsModel Fixed(double[] values, EtsForm form, int season)
    {
        var start = form.Season == EtsSeason.None ? [] : Start(values, season, form.Season);
        return new(values, form, start, EtsFit.Begin(values, form, start), Spread(values), evaluations: 120);
    }

    /// <summary>The same form on a longer stretch from the same first value, searched from the parameters found before.</summary>
    public EtsModel Again(double[] values, int evaluations) => new(values, Form, _start, Parameters, _spread, evaluations);

    /// <summary>The same form on other values of the same kind: the smoothing factors are searched from those found before, the start is found again.</summary>
    public EtsModel Refit(double[] values, int evaluations)
    {
        var begin = EtsFit.Begin(values, Form, _start);
        return new(values, Form, _start, Parameters with { Level = begin.Level, Slope = begin.Slope }, Spread(values), evaluations);
    }

    public bool Fits(double[] values) => !Form.NeedsPositive || IsPositive(values);

    public void Continue(Span<double> path) => EtsFilter.Continue(Form, Parameters.Phi, _level, _slope, _season, path);

    private static bool IsPositive(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!(value > 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The mean absolute step between neighbors; above zero where the values are not all equal.</summary>
    private static double Spread(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var t = 1; t < values.Length; t++)
        {
            sum += Math.Abs(values[t] - values[t - 1]);
        }

        return sum > 0 ? sum / values.Length : 1;
    }

    private static double[] Start(double[] values, int season, EtsSeason kind)
    {
        var (level, start, scratch) = (new double[values.Length], new double[season], new double[season]);
        SeasonalProfile.Level(values, season, level);
        if (kind == EtsSeason.Additive)
        {
            SeasonalProfile.Of(values, level, [season], start, scratch, recency: 1);
            return start;
        }

        var relative = new double[values.Length];
        for (var t = 0; t < values.Length; t++)
        {
            relative[t] = values[t] / level[t];
        }

        level.AsSpan().Fill(1);
        SeasonalProfile.Of(relative, level, [season], start, scratch, recency: 1);
        return Array.ConvertAll(start, s => Math.Max(0.01, 1 + s));
    }
}
