using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining.Recounts;

/// <content>Single cards: idle, silent, changed, hot, and behind their gang.</content>
internal sealed partial class RowRecounts
{
    private Recounted? OfCards(Figure figure)
    {
        var word = figure.Cell.Split('.')[1];
        if (figure.Metric == MetricCatalog.Availability.Id)
        {
            var sums = rows.Pools[figure.Scope.Pool!.Value];
            var rated = !sums.IsUnrated;
            var installed = sums.Sum(rated, Enum.GetValues<Cell>());
            return Ratio(RowKind.CardHours, "C_available", "C_installed", installed - sums.Sum(rated, Cell.Down, Cell.Maintenance), installed, Scale(figure.Scope.Pool.Value).Unit, Scale(figure.Scope.Pool.Value).PerUnit, []) with { RowCount = sums.Rows };
        }

        IEnumerable<(DeviceId Device, NamedRow Row)> cards = word switch
        {
            "idle" => rows.Cards.Where(card => card.Value.Available > 0 && card.Value.Known * 2 >= card.Value.Available && card.Value.Busy * 20 < card.Value.Known).Select(card => Card(card.Key, card.Value.Known - card.Value.Busy)),
            "silent" => rows.Cards.Where(card => card.Value is { Samples: 0, Available: > 0 } && devices.Center.Pools.All(pool => pool.Id != card.Value.Pool || pool.HasGauge)).Select(card => Card(card.Key, card.Value.Available)),
            "failed" or "repaired" => _changes.Value.Where(change => change.Word == word).Select(change => (change.Device, change.Row)),
            "hot" => raw!.Hot.Select(hot => (hot.Device, new NamedRow(hot.Device.Value, hot.From, hot.From + hot.Micros, hot.Peak / 1_000.0, MetricUnit.DegreesCelsius))),
            _ => raw!.Stragglers.Select(one => (one.Device, Row(one))),
        };
        return figure.Metric == MetricCatalog.Cards.Id
            ? Count(word is "hot" or "straggler" ? RowKind.Samples : word is "idle" or "silent" ? RowKind.CardHours : RowKind.Inventory, cards.DistinctBy(card => card.Device).Select(card => card.Row))
            : OfCard(figure, word, new(figure.Scope.Part!));

        (DeviceId Device, NamedRow Row) Card(DeviceId device, long micros) => (device, new(device.Value, Window.From, Window.Until, (double)micros / Micros.PerHour, MetricUnit.Hours));
    }

    private Recounted? OfCard(Figure figure, string word, DeviceId device)
    {
        if (word == "straggler")
        {
            var one = raw!.Stragglers
                .Where(member => member.Device == device && figure.Cell.StartsWith($"cards.straggler.{device}.{FigureMaker.At(member.Day)}.{member.Hold.JobId}.", StringComparison.Ordinal))
                .OrderByDescending(member => member.Lag)
                .FirstOrDefault();
            return one is null
                ? Nothing(RowKind.Samples, "n (members) = 0")
                : Amount(RowKind.Samples, "Σ u × t ÷ t (known)", "u", figure.Cell.EndsWith(".median", StringComparison.Ordinal) ? one.MedianPpm : one.UsePpm, 1_000_000, MetricUnit.Share, [Row(one)]);
        }

        if (word == "hot")
        {
            var runs = raw!.Hot.Where(hot => hot.Device == device && hot.Pool == figure.Scope.Pool).ToList();
            var named = runs.Select(run => new NamedRow(device.Value, run.From, run.From + run.Micros, run.Peak / 1_000.0, MetricUnit.DegreesCelsius));
            return figure.Metric == MetricCatalog.CardPeak.Id
                ? Amount(RowKind.Samples, "max (temperature)", "T", runs.Select(run => run.Peak).Append(0).Max(), 1_000, MetricUnit.DegreesCelsius, named)
                : Amount(RowKind.Samples, "Σ t (T ≥ 85 °C, ≥ 15 min)", "t", runs.Sum(run => run.Micros), Micros.PerHour, MetricUnit.Hours, named);
        }

        return rows.Cards.TryGetValue(device, out var card)
            ? Amount(RowKind.CardHours, word == "idle" ? "Known − Busy" : "C_available", "t", word == "idle" ? card.Known - card.Busy : card.Available, Micros.PerHour, MetricUnit.Hours, []) with { RowCount = card.Rows }
            : Nothing(RowKind.CardHours, "n (hours) = 0");
    }

    private static NamedRow Row(RawMember member) =>
        new($"{member.Device} {member.Hold.JobId}", member.Hold.From, member.Hold.Until == Instants.Never ? null : member.Hold.Until, member.UsePpm / 1_000_000.0, MetricUnit.Share);
}
