using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>One local day of pools in steps of five minutes, filled while the day's devices are accounted for.</summary>
/// <param name="day">The day, as instants.</param>
public sealed class FiveMinutes(Window day)
{
    /// <summary>Unit: microseconds.</summary>
    public const long Step = 5 * Micros.PerMinute;

    private readonly Dictionary<(PoolId Pool, string? Model), long[]> _cells = [];
    private readonly int _steps = (int)((day.Length.Value + Step - 1) / Step);

    /// <summary>When the first step begins. Unit: microseconds since the Unix epoch.</summary>
    public long From => day.From;

    /// <summary>Room for the cells of a pool's devices of one model: <see cref="HourCells.Count"/> for each step, step after step.</summary>
    public long[] Of(PoolId pool, string? model)
    {
        if (!_cells.TryGetValue((pool, model), out var cells))
        {
            _cells[(pool, model)] = cells = new long[_steps * HourCells.Count];
        }

        return cells;
    }

    /// <summary>Steps in which anything was installed.</summary>
    public ImmutableArray<RollUp> RollUps() =>
    [
        .. _cells
            .OrderBy(pair => pair.Key.Pool.Value, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Model, StringComparer.Ordinal)
            .SelectMany(pair => Enumerable.Range(0, _steps)
                .Select(step => (Step: step, Cells: pair.Value.AsMemory(step * HourCells.Count, HourCells.Count)))
                .Where(entry => entry.Cells.Span.ContainsAnyExcept(0L))
                .Select(entry => new RollUp(
                    new("", pair.Key.Pool, pair.Key.Model), day.From + (entry.Step * Step), new HourCells(entry.Cells.Span), 0, 0, 0, 0, 0, UseDistribution.None))),
    ];

    /// <summary>Where the cells of the step that holds an instant begin.</summary>
    internal int At(long instant) => (int)((instant - day.From) / Step) * HourCells.Count;
}
