namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Locally weighted regression of equally spaced values; the weights of a place are made once and serve every pass.</summary>
/// <remarks>Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990), appendix; as in R's `stl`: evaluated at every jump-th place, straight lines between.</remarks>
/// <param name="length">How many values there are.</param>
/// <param name="window">How many neighbors count; may be more than there are values.</param>
internal sealed class Loess(int length, int window, int jump)
{
    private readonly int _span = Math.Min(window, length);
    private LoessKernel? _inner;

    /// <summary>By lines fitted locally.</summary>
    /// <param name="trust">Robustness weight of each value, 0 to 1; empty for 1.</param>
    /// <param name="smooth">As long as <paramref name="values"/>.</param>
    public void Smooth(ReadOnlySpan<double> values, ReadOnlySpan<double> trust, Span<double> smooth)
    {
        var (before, leastSpread) = (0, 0.001 * (length - 1));
        for (var at = 0; at >= 0; at = Next(at))
        {
            var kernel = At(at, out var left);
            smooth[at] = kernel.Line(values.Slice(left, _span), trust.IsEmpty ? trust : trust.Slice(left, _span), leastSpread);
            var step = (smooth[at] - smooth[before]) / Math.Max(1, at - before);
            for (var i = before + 1; i < at; i++)
            {
                smooth[i] = smooth[before] + (step * (i - before));
            }

            before = at;
        }
    }

    /// <summary>The place that is evaluated after this one: a jump on, at last the end; -1 after that.</summary>
    public int Next(int at) => at == length - 1 ? -1 : Math.Min(at + jump, length - 1);

    /// <summary>Who counts at a place, which may lie one step outside.</summary>
    /// <param name="left">The first neighbor.</param>
    public LoessKernel At(int at, out int left)
    {
        left = Math.Clamp(at - ((_span - 1) / 2), 0, length - _span);
        return at - left == (_span - 1) / 2 ? _inner ??= Kernel(at, left) : Kernel(at, left);
    }

    private LoessKernel Kernel(int at, int left) =>
        LoessKernels.Here.Of(at - left, _span, Math.Max(at - left, left + _span - 1 - at) + (window > length ? (window - length) / 2 : 0));
}
