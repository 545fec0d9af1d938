using System.Buffers;
using System.Globalization;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Bench.Ingest;

/// <summary>Text pages to columns of a batch, one parser for each page, as a collector does it.</summary>
internal static class ParseFigures
{
    private const int Hosts = 64;
    private const int Rounds = 40;
    private static readonly long Now = Instants.From(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));

    public static async Task PrintAsync()
    {
        await PrintAsync("dcgm-exporter", [.. Enumerable.Range(0, Hosts).Select(host => Pages.DcgmExporter(host, host))]);
        await PrintAsync("npu-exporter", [.. Enumerable.Range(0, Hosts).Select(host => Pages.NpuExporter(host, host, Now / 1_000))]);
    }

    private static async Task PrintAsync(string format, byte[][] pages)
    {
        var (batch, rows) = (new SampleBatch(), 0L);
        Task Run()
        {
            rows = 0;
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var page in pages)
                {
                    var rejects = new RejectCounts();
                    TelemetryFormats.Create(format, new TelemetrySource("page", Now) { At = Now, Host = "n" })!.Parse(new ReadOnlySequence<byte>(page), last: true, batch, rejects);
                    rows += rejects.Accepted;
                    batch.Clear();
                }
            }

            return Task.CompletedTask;
        }

        await Run();
        var seconds = await Cpu.LeastOfAsync(Run);
        var megabytes = Rounds * pages.Sum(page => (double)page.Length) / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parse {format}: {megabytes:0} MB, {rows} rows, {seconds:0.00} CPU s, {megabytes / seconds:0} MB per CPU s (pages of {pages[0].Length} bytes)"));
        if (rows != (long)Rounds * Hosts * 8)
        {
            throw new InvalidOperationException($"{rows} rows are not those of the pages");
        }
    }
}
