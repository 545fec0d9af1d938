using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.LiveBench;

/// <summary>U3 of a pool over a window, three ways.</summary>
internal static class Usage
{
    /// <summary>By the product: card-hours of the running day up to <paramref name="until"/>.</summary>
    /// <returns>U3 over known time in percent, and the share of the available time that is known.</returns>
    public static async Task<Dictionary<string, (double Percent, double Coverage)>> OfStoreAsync(
        string database, CenterDefinition center, CardCatalog catalog, long from, long until, CancellationToken cancellationToken)
    {
        await using var store = await SqliteStore.OpenAsync(new() { Path = database, ReadOnly = true }, TimeProvider.System, cancellationToken);
        var clock = center.Clock();
        var days = await new CardHourKeeper(store, new StandingClock(until)).ReadAsync(
            center, catalog, clock.DayOf(from), clock.DayOf(until).AddDays(1), Instants.Never, cancellationToken);
        return days.SelectMany(day => day.Hours).GroupBy(hour => hour.Pool.Value, StringComparer.Ordinal).ToDictionary(
            pool => pool.Key,
            pool =>
            {
                var (busy, available, unknown) = (pool.Sum(hour => hour.Cells.Busy), pool.Sum(hour => hour.Cells.Available), pool.Sum(hour => hour.Cells.UseUnknown));
                return (100.0 * busy / (available - unknown), (double)(available - unknown) / available);
            },
            StringComparer.Ordinal);
    }

    /// <summary>By PromQL, as one would ask for it.</summary>
    public static async Task<double> OfPromQlAsync(HttpClient prometheus, string metric, string cardLabel, long from, long until)
    {
        // Per card first: one that changed hands has a series per pod, and a mean of series would count it twice.
        var seconds = (until - from) / Micros.PerSecond;
        var query = $"avg(sum by ({cardLabel}) (sum_over_time({metric}[{seconds}s])) / sum by ({cardLabel}) (count_over_time({metric}[{seconds}s])))";
        using var answer = await AskAsync(prometheus, query, until);
        return double.Parse(answer.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    /// <summary>From the raw samples that the Prometheus holds, in doubles: each stands for the time since the one before, at most 2.5 periods.</summary>
    /// <returns>Percent, and how many samples.</returns>
    public static async Task<(double Percent, int Samples)> OfRawAsync(HttpClient prometheus, string metric, string cardLabel, long from, long until, double periodSeconds)
    {
        using var answer = await AskAsync(prometheus, string.Create(CultureInfo.InvariantCulture, $"{metric}[{((until - from) / Micros.PerSecond) + 60}s]"), until + (30 * Micros.PerSecond));
        var cards = new Dictionary<string, SortedDictionary<long, double>>(StringComparer.Ordinal);
        foreach (var series in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            // A card has one series per pod that held it.
            var card = series.GetProperty("metric").GetProperty(cardLabel).GetString()!;
            var samples = cards.TryGetValue(card, out var known) ? known : cards[card] = [];
            foreach (var pair in series.GetProperty("values").EnumerateArray())
            {
                samples[(long)Math.Round(pair[0].GetDecimal() * 1_000_000m)] = double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture);
            }
        }

        var (weighted, time) = (0.0, 0.0);
        foreach (var samples in cards.Values)
        {
            var before = long.MinValue / 2;
            foreach (var (instant, percent) in samples)
            {
                var begin = Math.Max(from, Math.Max(before, instant - (long)(2.5 * periodSeconds * Micros.PerSecond)));
                var length = Math.Max(0, Math.Min(instant, until) - begin);
                weighted += percent * length;
                time += length;
                before = instant;
            }
        }

        return (weighted / time, cards.Values.Sum(samples => samples.Count));
    }

    private static async Task<JsonDocument> AskAsync(HttpClient prometheus, string query, long at) =>
        JsonDocument.Parse(await prometheus.GetStringAsync(string.Create(
            CultureInfo.InvariantCulture, $"/api/v1/query?time={at / (double)Micros.PerSecond:F3}&query={Uri.EscapeDataString(query)}")));

    private sealed class StandingClock(long now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Instants.ToDateTime(now);
    }
}
