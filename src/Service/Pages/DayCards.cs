using System.Collections.Immutable;
using Headroom.Reports.Daily;
using Headroom.Reports.Sections.Heatmap;

namespace Headroom.Service.Pages;

/// <summary>The cards of a day by host, to go on from.</summary>
public sealed record DayCards(string Center, DateOnly Day, ImmutableArray<(string Host, ImmutableArray<string> Cards)> Hosts)
{
    public int Count => Hosts.Sum(host => host.Cards.Length);

    public static DayCards Of(DailyReportInput input) => new(
        input.Center.Id.Value,
        input.Day,
        [
            .. input.CardDays
                .GroupBy(card => card.Hours[^1].Host ?? "")
                .OrderBy(host => host.Key, NaturalOrder.Instance)
                .Select(host => (host.Key, host.Select(card => card.Device.Value).Order(NaturalOrder.Instance).ToImmutableArray())),
        ]);
}
