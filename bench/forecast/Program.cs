using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Headroom.Analytics.Forecasting;

// Forecasts every series of a file in parallel: ForecastBench SERIES.csv[.gz] OUT.csv HORIZON [SEASONS] [FORECASTER]
// Scores are not its business; it prints the CPU it took and who was chosen how often.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: ForecastBench SERIES.csv[.gz] OUT.csv HORIZON [24,168] [forecaster]");
    return 2;
}

var horizon = int.Parse(args[2], CultureInfo.InvariantCulture);
var seasons = args.Length > 3 ? args[3].Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray() : [24, 168];
var catalog = args.Length > 4
    ? new ForecasterCatalog([ForecasterCatalog.Default.Find(args[4]) ?? throw new InvalidOperationException($"No forecaster is named {args[4]}.")])
    : ForecasterCatalog.Default;

var series = ReadSeries(args[0]);
var results = new ForecastResult[series.Count];
var process = Process.GetCurrentProcess();
var before = process.TotalProcessorTime;
Parallel.For(0, series.Count, i =>
{
    var values = series[i].Values;
    var spec = new ForecastSpec(horizon, [.. seasons]) { NonNegative = values.TrueForAll(v => !(v < 0)), Levels = [0.8, 0.95] };
    results[i] = Forecast.Run(values.ToArray(), spec, catalog);
});
process.Refresh();
var cpu = process.TotalProcessorTime - before;

WriteForecasts(args[1], series, results);
Console.WriteLine(FormattableString.Invariant($"{series.Count} series, {cpu.TotalMilliseconds / series.Count:F2} ms CPU per series"));
foreach (var chosen in results.CountBy(r => r.Forecaster).OrderByDescending(c => c.Value))
{
    Console.WriteLine($"{chosen.Key}: {chosen.Value}");
}

return 0;

static List<(string Id, List<double> Values)> ReadSeries(string path)
{
    using var file = File.OpenRead(path);
    using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    using var reader = new StreamReader(stream);
    reader.ReadLine();
    var series = new List<(string Id, List<double> Values)>();
    var places = new Dictionary<string, List<double>>();
    while (reader.ReadLine() is { } line)
    {
        var cells = line.Split(',');
        if (!places.TryGetValue(cells[0], out var values))
        {
            places[cells[0]] = values = [];
            series.Add((cells[0], values));
        }

        values.Add(cells[2].Length == 0 ? double.NaN : double.Parse(cells[2], CultureInfo.InvariantCulture));
    }

    return series;
}

static void WriteForecasts(string path, List<(string Id, List<double> Values)> series, ForecastResult[] results)
{
    using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false));
    writer.WriteLine("series_id,step,mean,lo80,hi80,lo95,hi95");
    for (var i = 0; i < results.Length; i++)
    {
        var (mean, narrow, wide) = (results[i].Mean, results[i].Bands[0], results[i].Bands[1]);
        for (var step = 0; step < mean.Length; step++)
        {
            writer.WriteLine(FormattableString.Invariant(
                $"{series[i].Id},{step + 1},{mean[step]:R},{narrow.Low[step]:R},{narrow.High[step]:R},{wide.Low[step]:R},{wide.High[step]:R}"));
        }
    }
}
