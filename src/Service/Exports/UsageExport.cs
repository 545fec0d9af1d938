using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;

namespace Headroom.Service.Exports;

/// <summary>Accounts by anything as CSV: exact cells in device-microseconds, and P·h where every model is rated.</summary>
internal static class UsageExport
{
    private static readonly string Cells = string.Join(',', Enum.GetNames<Cell>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    public static async Task<long> WriteAsync(TextWriter writer, UsageBy by, IReadOnlyList<UsageLine> lines, CancellationToken cancellationToken)
    {
        await writer.WriteLineAsync($"{by.ToString().ToLowerInvariant()},precision,device_hours,petaflop_hours,{Cells}".AsMemory(), cancellationToken);
        foreach (var line in lines)
        {
            var cells = string.Join(',', Enum.GetValues<Cell>().Select(cell => line.Devices[cell].ToString(CultureInfo.InvariantCulture)));
            var rated = line.Rated is { } sums ? ((double)sums.Installed / 1e9 / Micros.PerHour).ToString("0.######", CultureInfo.InvariantCulture) : "";
            var hours = ((decimal)line.Devices.Installed / Micros.PerHour).ToString("0.######", CultureInfo.InvariantCulture);
            await writer.WriteLineAsync($"{CsvText.Cell(line.Key)},{line.Precision.ToString().ToLowerInvariant()},{hours},{rated},{cells}".AsMemory(), cancellationToken);
        }

        return lines.Count;
    }
}
