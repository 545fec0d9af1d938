using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Series;
using Headroom.Domain.Messages;
using Headroom.Ingest.Formats.Records.Series;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;

namespace Headroom.Service.Commands;

/// <summary><c>headroom forecast SERIES.csv --horizon N --out FILE</c>: any series in, means and bands out.</summary>
internal static class ForecastCommand
{
    /// <summary>Series that are read and forecast before the rows of any of them are written: what memory grows with, not the number of series.</summary>
    private const int AtOnce = 256;

    private static readonly ImmutableArray<double> DefaultLevels = [50, 80, 95];

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Argument<string> file = new("SERIES.csv") { Description = text["Forecast.File"] };
        Option<int> horizon = new("--horizon") { Description = text["Forecast.Horizon"], HelpName = "N", Required = true };
        Option<string?> season = new("--season") { Description = text["Forecast.Season"], HelpName = "24,168" };
        Option<string?> levels = new("--levels") { Description = text["Forecast.Levels"], HelpName = "50,80,95" };
        Option<ulong> seed = new("--seed") { Description = text["Option.Seed"], HelpName = "N" };
        Option<string?> eventFile = new("--events") { Description = text["Forecast.Events"], HelpName = "FILE.csv" };
        Option<bool> holidays = new("--assume-holidays") { Description = text["Forecast.AssumeHolidays"] };
        Option<bool> explain = new("--explain") { Description = text["Forecast.Explain"] };
        Option<string> target = new("--out") { Description = text["Forecast.Out"], HelpName = "FILE", Required = true };
        horizon.MustLieWithin(1, 100_000, text["Forecast.HorizonRange"]);
        Command command = new("forecast", text["Forecast.Description"]) { file, horizon, season, levels, seed, eventFile, holidays, explain, target };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var asked = Percents(parsed.GetValue(levels));
            var options = new SeriesOptions(parsed.GetValue(horizon), Seasons(parsed.GetValue(season))) { Levels = [.. asked.Select(level => level / 100)], AssumeHolidays = parsed.GetValue(holidays) };
            var input = parsed.GetValue(file)!;
            var outline = SeriesFile.Outline(input);
            var events = parsed.GetValue(eventFile) is { } known ? EventFile.Read(known) : [];
            var progress = new ForecastProgress(context, text, outline.Series);
            var output = parsed.GetValue(target)!;
            var (read, refused) = (0, 0);
            await OutputFile.WriteAsync(
                output,
                writer =>
                {
                    WriteHeader(writer, asked);
                    foreach (var part in SeriesFile.Read(input, outline, context.Warn).Chunk(AtOnce))
                    {
                        read += part.Length;
                        var answers = new SeriesAnswer[part.Length];
                        Parallel.For(0, part.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
                        {
                            answers[i] = SeriesForecaster.Run(part[i].Instants.AsSpan(), part[i].Values.AsSpan(), options with { Events = Of(part[i].Id, events) });
                            progress.Done();
                        });
                        Write(writer, part, answers);
                        Tell(context, text, part, answers, parsed.GetValue(explain));
                        refused += answers.Count(answer => answer is SeriesAnswer.Refused);
                    }
                },
                cancellationToken);
            context.Answer(new { forecast = read - refused, refused, @out = output }, text["Forecast.Done", read - refused, refused, output]);
            return refused == read ? ExitCode.Refused : ExitCode.Done;
        });
        return command;
    }

    private static ImmutableArray<KnownEvent> Of(string series, ImmutableArray<DatedEvent> events)
    {
        var usual = new KnownEvent("", 0, 0);
        return
        [
            .. events
                .Where(row => row.Series is null || row.Series == series)
                .Select(row => new KnownEvent(row.What, row.At, row.Amount)
                {
                    Probability = row.Probability ?? usual.Probability,
                    RampSteps = row.RampSteps ?? usual.RampSteps,
                    Uncertainty = row.Uncertainty ?? usual.Uncertainty,
                }),
        ];
    }

    private static void WriteHeader(TextWriter writer, ImmutableArray<double> levels)
    {
        writer.Write("series_id,step,timestamp,mean");
        foreach (var level in levels)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $",lo{level},hi{level}"));
        }

        writer.Write('\n');
    }

    private static void Write(TextWriter writer, DatedSeries[] series, SeriesAnswer[] answers)
    {
        var line = new StringBuilder();
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is not SeriesAnswer.Forecasted forecast)
            {
                continue;
            }

            foreach (var row in forecast.Rows)
            {
                line.Clear().Append(CsvText.Cell(series[i].Id)).Append(CultureInfo.InvariantCulture, $",{row.Step},{Domain.Time.Instants.ToText(row.TimestampMicros)},{row.Mean:R}");
                foreach (var bound in row.Bounds)
                {
                    line.Append(CultureInfo.InvariantCulture, $",{bound.Low:R},{bound.High:R}");
                }

                writer.Write(line.Append('\n'));
            }
        }
    }

    private static void Tell(CommandContext context, TextLookup text, DatedSeries[] series, SeriesAnswer[] answers, bool explain)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is SeriesAnswer.Refused refused)
            {
                context.Say(text[$"Forecast.Refused.{refused.Reason}", series[i].Id]);
            }
            else if (explain && answers[i] is SeriesAnswer.Forecasted forecast)
            {
                context.Say(text["Forecast.Explained", series[i].Id, forecast.Result.Forecaster, string.Join(",", forecast.Seasons), ForecastReason.In(text.Name, forecast.Result.WhyThisOne)]);
                foreach (var line in ForecastExplanation.Lines(forecast, text))
                {
                    context.Say(line);
                }
            }
        }
    }

    private static ImmutableArray<double> Percents(string? argument) =>
        argument is null ? DefaultLevels : [.. List<double>(argument, "--levels", "50,80,95", text => double.TryParse(text, CultureInfo.InvariantCulture, out var level) && level is > 0 and < 100 ? level : null)];

    private static ImmutableArray<int>? Seasons(string? argument) =>
        argument is null ? null : [.. List<int>(argument, "--season", "24,168", text => int.TryParse(text, CultureInfo.InvariantCulture, out var season) && season >= 1 ? season : null)];

    // Rising numbers separated by commas.
    private static List<T> List<T>(string argument, string option, string example, Func<string, T?> parse)
        where T : struct, IComparable<T>
    {
        var parts = argument.Split(',', StringSplitOptions.TrimEntries).Select(parse).ToList();
        return parts.Count > 0 && parts.All(part => part is not null) && parts.Zip(parts.Skip(1)).All(pair => pair.First!.Value.CompareTo(pair.Second!.Value) < 0)
            ? [.. parts.Select(part => part!.Value)]
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, option, argument, example));
    }
}
