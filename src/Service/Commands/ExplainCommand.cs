using System.CommandLine;
using System.Globalization;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Explaining;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom explain KIND-CENTER-DAY [CELL | --list | --all]</c>: a printed number down to its rows.</summary>
internal static class ExplainCommand
{
    private const int DevicesShown = 20;
    private const int RowsShown = 20;

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Argument<string> report = new("REPORT") { Description = text["Explain.Report"] };
        Argument<string?> cell = new("CELL") { Description = text["Explain.Cell"], Arity = ArgumentArity.ZeroOrOne };
        Option<bool> list = new("--list") { Description = text["Explain.List"] };
        Option<bool> all = new("--all") { Description = text["Explain.All"] };
        Command command = new("explain", text["Explain.Description"]) { report, cell, list, all };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var name = ReportName.Parse(parsed.GetValue(report)!)
                ?? throw new UserException(UserMessage.Of(MessageCode.UsageError, "REPORT", parsed.GetValue(report), "daily|weekly|monthly-CENTER-2026-03-01"));
            var asked = parsed.GetValue(cell);
            if (asked is null && !parsed.GetValue(list) && !parsed.GetValue(all))
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "CELL", "", "CELL | --list | --all"));
            }

            await using var store = await context.OpenToReadAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var center = await library.FindAsync(new(name.Center), context.AsOf, cancellationToken) ?? throw await library.UnknownAsync(name.Center, "REPORT", cancellationToken);
            var catalog = await library.CatalogAsync(context.AsOf, cancellationToken);
            var devices = new CenterDevices(center, await store.ReadFactsAsync(center.Id, context.AsOf, cancellationToken));
            var keeper = new CardHourKeeper(store, context.Clock);
            var input = await new DailyReportBuilder(store, context.Clock).BuildAsync(
                devices,
                catalog,
                name.Period,
                (from, until) => keeper.ReadPoolHoursAsync(devices, catalog, PoolRatings.Of(center, catalog), from, until, context.AsOf, cancellationToken),
                context.AsOf,
                mayIssue: false,
                cancellationToken);
            var cells = DailyReportModel.Of(input).Cells;
            if (asked is null && !parsed.GetValue(all))
            {
                foreach (var figure in cells)
                {
                    context.Answer(new { cell = figure.Cell, metric = figure.Metric.ToString(), value = figure.Value }, $"{figure.Cell}\t{figure.Metric}\t{FigureText.Headline(figure, text)}");
                }

                return ExitCode.Done;
            }

            var explainer = new Explainer(store, context.Clock, devices, input);
            if (asked is null)
            {
                return Summarize(await explainer.AllAsync(cells, cancellationToken), context);
            }

            var found = cells.FirstOrDefault(figure => figure.Cell == asked)
                ?? throw new UserException(UserMessage.Of(MessageCode.UsageError, "CELL", asked, string.Join(", ", cells.Take(3).Select(figure => figure.Cell)) + ", ... (--list)"));
            var explanation = await explainer.OneAsync(found, cancellationToken);
            Print(explanation, center.Clock(), context);
            return explanation.Differs ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static int Summarize(IReadOnlyCollection<Explanation> all, CommandContext context)
    {
        var (text, equal, different) = (context.Text, all.Count(explanation => explanation.Agrees), all.Count(explanation => explanation.Differs));
        foreach (var explanation in all.Where(explanation => explanation.Differs))
        {
            context.Say($"{explanation.Figure.Cell}: {FigureText.Headline(explanation.Figure, text)}; {ExplanationText.Again(explanation, text)}");
        }

        var (kept, open) = (all.Count(explanation => explanation.Agrees && explanation.Again!.From == RowKind.Issued), all.Where(explanation => explanation.Again is null).Select(explanation => explanation.Figure.Cell).ToList());
        context.Answer(
            new { cells = all.Count, equal, read_from_issues = kept, different, not_worked_out = open },
            text["Explain.AllDone", all.Count, equal, kept, different, open.Count]);
        return different == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(Explanation explanation, CenterClock clock, CommandContext context)
    {
        var (text, figure) = (context.Text, explanation.Figure);
        if (context.Json)
        {
            context.Answer(Machine(explanation), "");
            return;
        }

        context.Output.WriteLine($"{explanation.Report} {figure.Cell}");
        foreach (var (name, line) in ExplanationText.Lines(explanation, clock, text))
        {
            context.Output.WriteLine($"  {name}: {line}");
        }

        PrintNamed(explanation, context);
        var devices = ExplanationText.ByDevice(explanation);
        if (devices.IsEmpty)
        {
            return;
        }

        context.Output.WriteLine($"  {text["Explain.Table"]}");
        context.Output.WriteLine("    device\thost\tmodel\thours\tavailable\tallocated\tbusy\tuse_unknown\tsamples");
        foreach (var device in devices.Take(DevicesShown))
        {
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    {device.Device}\t{device.Host}\t{device.Model}\t{device.Hours}\t{device.Available:0.####}\t{device.Allocated:0.####}\t{device.Busy:0.####}\t{device.UseUnknown:0.####}\t{device.Samples}"));
        }

        if (devices.Length > DevicesShown)
        {
            context.Output.WriteLine($"    {text["Explain.More", devices.Length - DevicesShown]}");
        }
    }

    private static void PrintNamed(Explanation explanation, CommandContext context)
    {
        var named = explanation.Again?.Named ?? [];
        foreach (var row in named.Take(RowsShown))
        {
            var (name, time, amount) = ExplanationText.Row(row, context.Text);
            context.Output.WriteLine($"    {name}\t{time}\t{amount}");
        }

        if (named.Length > RowsShown)
        {
            context.Output.WriteLine($"    {context.Text["Explain.MoreRows", named.Length - RowsShown]}");
        }
    }

    private static object Machine(Explanation explanation)
    {
        var (figure, again) = (explanation.Figure, explanation.Again);
        return new
        {
            report = explanation.Report,
            cell = figure.Cell,
            metric = figure.Metric.Name,
            version = figure.Metric.Version,
            value = figure.Value,
            unit = UnitNames.Of(figure.Unit),
            coverage = figure.Coverage,
            low = figure.Low,
            high = figure.High,
            numerator = figure.Numerator?.ToString(CultureInfo.InvariantCulture),
            denominator = figure.Denominator?.ToString(CultureInfo.InvariantCulture),
            from = Instants.ToText(figure.Window.From),
            until = Instants.ToText(figure.Window.Until),
            formula = again?.Formula,
            terms = again?.Terms.Select(term => new { name = term.Name, amount = term.Amount, unit = UnitNames.Of(term.Unit) }),
            again = again?.Value,
            made_of = again is null ? null : System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(again.From.ToString()),
            agrees = explanation.Agrees,
            row_count = explanation.RowCount,
            rows = explanation.Rows.Select(row => new
            {
                device = row.Device.Value,
                hour = Instants.ToText(row.Hour.HourStart),
                host = row.Hour.Host,
                model = row.Hour.Model,
                cells_us = row.Hour.Cells.Micros.ToArray(),
                samples = row.Hour.Samples,
            }),
            named_rows = explanation.Again?.Named.Select(row => new
            {
                name = row.Name,
                from = Instants.ToText(row.From),
                until = row.Until is { } until ? Instants.ToText(until) : null,
                amount = row.Amount,
                unit = UnitNames.Of(row.Unit),
            }),
            sources = explanation.Sources.Select(source => new { source = source.Source, format = source.Format, accepted = source.Accepted }),
        };
    }
}
