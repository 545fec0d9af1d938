namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Kernels by shape: series of about the same length, and what past origins know of them, share nearly all of theirs.</summary>
internal sealed class LoessKernels
{
    /// <summary>More are forgotten: series of many lengths have kernels of many shapes.</summary>
    private const int Most = 1_000;

    [ThreadStatic]
    private static LoessKernels? _here;

    private readonly Dictionary<(int At, int Span, int Reach), LoessKernel> _made = [];

    /// <summary>Those of this thread.</summary>
    public static LoessKernels Here => _here ??= new();

    /// <inheritdoc cref="LoessKernel(int, int, double)"/>
    public LoessKernel Of(int at, int span, int reach)
    {
        if (!_made.TryGetValue((at, span, reach), out var kernel))
        {
            if (_made.Count == Most)
            {
                _made.Clear();
            }

            _made[(at, span, reach)] = kernel = new(at, span, reach);
        }

        return kernel;
    }
}
