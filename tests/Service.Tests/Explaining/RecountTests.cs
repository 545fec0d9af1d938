using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Service.Composition;
using Headroom.Service.Explaining;
using Headroom.Service.Tests.Cases;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Tests.Explaining;

/// <summary>Every number is worked out again; and a number that is wrong is found, whatever its kind.</summary>
[TestClass]
public sealed class RecountTests
{
    // The kinds of a day; longer periods have no room for gangs and no lists of idle and silent cards.
    private static readonly string[] Kinds =
    [
        "act.Compare", "act.Defragment", "act.Measure", "act.Mend", "act.Reclaim", "act.Stabilize", "act.TalkToOwner", "act.Tune",
        "ActShare", "Allocated", "Availability", "CO2", "CO2_per_Ph", "CardPeak", "CardTime", "CardUse", "Cards", "Changes", "ContractOnly", "E_card", "E_facility", "E_it", "E_per_Ph",
        "H_quota", "H_saturation", "IdleCounted", "IdleReclaimable", "IdleShare", "Interruptions", "Displaced", "JobsStarted", "LargestGang", "LoadFactor", "PUE", "QueueAge", "QueueDevices", "QueueRequests",
        "Quota", "SilentZero", "State", "Stranded", "U1c", "U1s", "U2", "U3", "U4", "U6", "U_peak", "Used", "Wait_p50", "Wait_p95",
    ];

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Explain_ReportsOfACenterThatHasEverything_EveryCellIsEqual()
    {
        using var center = new TestCenter();
        await RunningCenter.FillAsync(center);
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var kind in (string[])["daily", "weekly", "monthly"])
        {
            await center.SucceedAsync("report", kind, "--center", "case", "--day", RunningCenter.Day, "--out", center.Folder, "--format", "json");
            var (code, output, errors) = await center.RunAsync("explain", $"{kind}-case-{RunningCenter.Day}", "--all", "--json");
            var all = JsonDocument.Parse(output).RootElement;

            TestContext.WriteLine($"{kind}: {output}");
            Assert.AreEqual(0, all.GetProperty("different").GetInt32(), errors);
            Assert.AreEqual(0, all.GetProperty("not_worked_out").GetArrayLength(), kind);
            Assert.AreEqual(0, code);
            foreach (var line in (await center.RunAsync("explain", $"{kind}-case-{RunningCenter.Day}", "--list", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var cell = JsonDocument.Parse(line).RootElement;
                kinds.Add(cell.GetProperty("metric").GetString()!.Split('@')[0]);
                if (cell.GetProperty("cell").GetString()!.Split('.') is ["act", _, var act, ..])
                {
                    kinds.Add($"act.{act}");
                }
            }
        }

        CollectionAssert.IsSubsetOf(Kinds.Where(kind => !kind.StartsWith("act.", StringComparison.Ordinal)).ToArray(), kinds.ToArray());
        Assert.IsGreaterThanOrEqualTo(5, kinds.Count(kind => kind.StartsWith("act.", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow(PeriodKind.Day)]
    [DataRow(PeriodKind.Week)]
    public async Task Agrees_AnyPartOfAnyPrintedNumberChanged_IsFalse(PeriodKind kind)
    {
        using var center = new TestCenter();
        await RunningCenter.FillAsync(center);
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", RunningCenter.Day, "--out", center.Folder, "--format", "json");
        await using var explained = await Explained.OpenAsync(center, kind, TestContext.CancellationToken);
        var all = await explained.AllAsync(explained.Input, TestContext.CancellationToken);

        var changed = 0;
        foreach (var explanation in all)
        {
            Assert.IsTrue(explanation.Agrees, explanation.Figure.Cell);
            foreach (var (part, figure) in Changes(explanation.Figure))
            {
                Assert.IsTrue((explanation with { Figure = figure }).Differs, $"{part} of {figure.Cell}");
                changed++;
            }
        }

        TestContext.WriteLine($"{all.Length} cells, {changed} changes");
        Assert.IsGreaterThan(3 * all.Length, changed);
    }

    [TestMethod]
    public async Task AllAsync_ReportMadeOfOtherFindings_DiffersInEveryNumberThatChanged()
    {
        using var center = new TestCenter();
        await RunningCenter.FillAsync(center);
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", RunningCenter.Day, "--out", center.Folder, "--format", "json");
        await using var explained = await Explained.OpenAsync(center, PeriodKind.Day, TestContext.CancellationToken);
        var printed = DailyReportModel.Of(explained.Input).Cells.ToDictionary(figure => figure.Cell);
        var wrong = explained.Input with { Operations = Wrong(explained.Input.Operations) };

        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var explanation in await explained.AllAsync(wrong, TestContext.CancellationToken))
        {
            var isSame = printed.TryGetValue(explanation.Figure.Cell, out var right) && right == explanation.Figure;
            var isChanged = right is null || Rounded(right) != Rounded(explanation.Figure);
            Assert.IsFalse(isSame && explanation.Differs, explanation.Figure.Cell);
            Assert.IsFalse(isChanged && !explanation.Differs, explanation.Figure.Cell);
            found[explanation.Figure.Cell.Split('.')[0]] = found.GetValueOrDefault(explanation.Figure.Cell.Split('.')[0]) + (isChanged ? 1 : 0);
        }

        TestContext.WriteLine(string.Join(", ", found.Select(pair => $"{pair.Key} {pair.Value}")));
        foreach (var (section, least) in ((string, int)[])[("queue", 10), ("idle", 10), ("cards", 5), ("energy", 4), ("changes", 2), ("act", 5), ("counts", 8), ("pool", 3)])
        {
            Assert.IsGreaterThanOrEqualTo(least, found[section], section);
        }
    }

    [TestMethod]
    public async Task Explain_FindingsInTheStoreAreNotThoseOfTheSamples_TheNumbersDiffer()
    {
        using var center = new TestCenter();
        await RunningCenter.FillAsync(center);
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", RunningCenter.Day, "--out", center.Folder, "--format", "json");
        await using (var explained = await Explained.OpenAsync(center, PeriodKind.Day, TestContext.CancellationToken))
        {
            var findings = explained.Input.Operations.Findings.Single();
            await explained.Store.SaveFindingsAsync(
                new("case"), [findings with { Idle = [.. findings.Idle.Select(run => run with { Time = run.Time with { Until = run.Time.Until - 1 } })] }], TestContext.CancellationToken);
        }

        var (code, output, errors) = await center.RunAsync("explain", $"daily-case-{RunningCenter.Day}", "--all", "--lang", "en");

        Assert.AreEqual(1, code, output);
        Assert.Contains("idle.ai.all", errors, StringComparison.Ordinal);
        Assert.Contains("DIFFERS", errors, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("queue.ai.devices", "waits", "en")]
    [DataRow("idle.ai.tenant.maker.all", "c04 late (start_up)", "en")]
    [DataRow("energy.E_facility", "solar (Facility)", "zh-CN")]
    [DataRow("changes.failed", "c08 Down", "zh-CN")]
    [DataRow("counts.ai.tenant.school.H_quota", "school", "en")]
    [DataRow("cards.straggler.c03.2026-03-04.gang.use", "c03 gang", "zh-CN")]
    public async Task Explain_NumberOfOtherRows_NamesThem(string cell, string row, string language)
    {
        using var center = new TestCenter();
        await RunningCenter.FillAsync(center);
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", RunningCenter.Day, "--out", center.Folder, "--format", "json");

        var text = await center.SucceedAsync("explain", $"daily-case-{RunningCenter.Day}", cell, "--lang", language);

        Assert.Contains(row, text, StringComparison.Ordinal);
        Assert.Contains(language == "en" ? "equal" : "一致", text, StringComparison.Ordinal);
    }

    // As a reader sees it: a fraction of nothing stays 0, however large its whole.
    private static Figure Rounded(Figure figure) => figure with { Numerator = null, Denominator = null };

    // Each part of a number that is printed, a little off.
    private static IEnumerable<(string Part, Figure Figure)> Changes(Figure figure)
    {
        if (figure.Value is { } value)
        {
            yield return ("value", figure with { Value = (value * 1.000001) + 0.000001 });
            yield return ("gap", figure with { Value = null, Gap = FigureGap.BoundsOnly });
        }
        else
        {
            yield return ("value", figure with { Value = 0, Gap = FigureGap.None });
        }

        if (figure.Numerator is { } numerator)
        {
            yield return ("numerator", figure with { Numerator = numerator + 1 });
        }

        if (figure.Coverage is { } coverage)
        {
            yield return ("coverage", figure with { Coverage = coverage - 0.000001 });
        }

        if (figure is { Low: { } low, High: { } high })
        {
            yield return ("low", figure with { Low = low - 0.000001 });
            yield return ("high", figure with { High = high + 0.000001 });
        }
    }

    private static OperationsView Wrong(OperationsView right) => new(
        [.. right.Allocation.Select(pool => pool with { Devices = Wrong(pool.Devices), Rated = pool.Rated is { } rated ? Wrong(rated) : null })],
        [
            .. right.Pools.Select(pool => pool with
            {
                Peak = pool.Peak is { } peak ? peak with { Busy = peak.Busy - 1 } : null,
                Saturation = pool.Saturation with { Hours = pool.Saturation.Hours + 1 },
                Outcomes = pool.Outcomes is { } outcomes
                    ? outcomes with { EndedBadly = outcomes.EndedBadly + Micros.PerSecond, Interruptions = outcomes.Interruptions + 1, Displaced = outcomes.Displaced + 1 }
                    : null,
                Room = pool.Room is { } room ? room with { StrandedMicros = room.StrandedMicros + Micros.PerSecond, LargestGang = room.LargestGang + 1 } : null,
            }),
        ],
        [
            .. right.Queues.Select(queue => queue with
            {
                Waiting = queue.Waiting + 1, Devices = queue.Devices + 1, OldestMicros = (queue.OldestMicros ?? 0) + 1, Started = queue.Started + 1, MedianWait = (queue.MedianWait ?? 0) + 1, P95Wait = (queue.P95Wait ?? 0) + 1,
            }),
        ],
        [
            .. right.Findings.Select(day => new DayFindings(
                day.Day,
                [.. day.Idle.Skip(1).Select(run => run with { Time = run.Time with { From = run.Time.From + 1 } })],
                [.. day.Stragglers.Select(one => one with { UsePpm = one.UsePpm - 1, MedianPpm = one.MedianPpm + 1 })],
                [.. day.Hot.Select(hot => hot with { Micros = hot.Micros + 1, PeakMillidegrees = hot.PeakMillidegrees + 1 })])),
        ],
        new(
            right.Meters.Facility is { } facility ? facility with { Millijoules = facility.Millijoules + 1 } : null,
            right.Meters.It is { } it ? it with { Known = it.Known - Micros.PerSecond } : null,
            right.Meters.Both is { } both ? (both.Facility + 1, both.It) : null),
        [
            .. right.Counts.Select(count => count with
            {
                Installed = count.Installed + 1, Allocated = count.Allocated + 1, AllocatedOfInstalled = count.AllocatedOfInstalled + 1, HoursHeldBack = count.HoursHeldBack + 1, IdleLow = count.IdleLow + 1, IdleHigh = count.IdleHigh + 1,
            }),
        ],
        [.. right.Changes.Select(change => change with { Event = change.Event == DeviceEvent.Failed ? DeviceEvent.Maintained : change.Event }).Append(right.Changes[0] with { At = right.Changes[0].At + 1 })]);

    private static Domain.Accounting.AllocationSums Wrong(Domain.Accounting.AllocationSums right) => right with
    {
        Scheduler = right.Scheduler is { } scheduler ? scheduler with { Held = scheduler.Held * 99 / 100 } : null,
        Contract = right.Contract is { } contract ? contract with { Held = contract.Held * 99 / 100 } : null,
        ContractOnly = right.ContractOnly + 1,
    };

    /// <summary>A report's input and its explainer on an open store.</summary>
    private sealed class Explained(IStore store, TimeProvider clock, CenterDevices devices, DailyReportInput input) : IAsyncDisposable
    {
        public IStore Store => store;

        public DailyReportInput Input => input;

        public static async Task<Explained> OpenAsync(TestCenter center, PeriodKind kind, CancellationToken cancellationToken)
        {
            var store = await SqliteStore.OpenAsync(new StoreOptions { Path = Path.Combine(center.Folder, "case.db") }, center.Clock, cancellationToken);
            var library = new CenterLibrary(store);
            var (definition, catalog) = ((await library.FindAsync(new("case"), Instants.Never, cancellationToken))!, await library.CatalogAsync(Instants.Never, cancellationToken));
            var devices = new CenterDevices(definition, await store.ReadFactsAsync(definition.Id, Instants.Never, cancellationToken));
            var period = ReportPeriod.Of(kind, DateOnly.ParseExact(RunningCenter.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
            return new(store, center.Clock, devices, await new DailyReportBuilder(store, center.Clock).BuildAsync(definition, catalog, period, Instants.Never, mayIssue: true, cancellationToken));
        }

        public Task<ImmutableArray<Explanation>> AllAsync(DailyReportInput made, CancellationToken cancellationToken) =>
            new Explainer(store, clock, devices, made).AllAsync(DailyReportModel.Of(made).Cells, cancellationToken);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
