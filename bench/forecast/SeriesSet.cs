using System.Globalization;
using System.IO.Compression;

namespace Headroom.ForecastBench;

/// <param name="Horizon">Steps that are scored.</param>
/// <param name="ScaleSeason">The season of the scorer: of the scale of errors and of Naive2.</param>
/// <param name="Seasons">Told to the forecaster, in steps.</param>
internal sealed record SeriesSet(string Name, int Horizon, int ScaleSeason, int[] Seasons)
{
    public static readonly SeriesSet[] All =
    [
        new("m4_hourly", 48, 24, [24, 168]),
        new("loads", 168, 24, [24, 168]),
        new("nn5_daily", 56, 7, [7, 365]),
        new("m4_weekly", 13, 1, [52]),
        new("m3_monthly", 18, 12, [12]),
    ];

    public List<Known> Train() => Read(Path.Combine(Shared(), "data", "forecast", Name + ".csv.gz"), valueColumn: 2);

    public Dictionary<string, double[]> Truth() =>
        Read(Path.Combine(Shared(), "data", "forecast", Name + ".truth.csv.gz"), valueColumn: 3).ToDictionary(s => s.Id, s => s.Values);

    /// <summary>The folder of public data beside the repository or above it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Shared()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared");
            if (Directory.Exists(Path.Combine(folder, "data")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("No folder `shared` with public series lies beside the repository.");
    }

    /// <summary>Series in the order of the file: identity in the first column, then instants (steps in a file of what followed); an empty value is a gap.</summary>
    public static List<Known> Read(string path, int valueColumn)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var (order, columns) = (new List<string>(), new Dictionary<string, (List<long> Instants, List<double> Values)>());
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            if (!columns.TryGetValue(cells[0], out var column))
            {
                columns[cells[0]] = column = ([], []);
                order.Add(cells[0]);
            }

            column.Instants.Add(DateTimeOffset.TryParse(cells[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.ToUnixTimeMilliseconds() * 1_000 : column.Values.Count);
            column.Values.Add(cells[valueColumn].Length == 0 ? double.NaN : double.Parse(cells[valueColumn], CultureInfo.InvariantCulture));
        }

        return order.ConvertAll(id => new Known(id, [.. columns[id].Instants], [.. columns[id].Values]));
    }
}

/// <summary>One series, oldest value first.</summary>
/// <param name="Instants">Microseconds since the Unix epoch, UTC.</param>
internal sealed record Known(string Id, long[] Instants, double[] Values);
