using System.Text;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Service.Pages;

namespace Headroom.Service.Composition;

/// <summary>Saturation reports as pages and files: made once, kept while what they are made of stays as it is.</summary>
internal sealed class SaturationPages(ServedStore store, CenterDesk desk, TimeProvider clock)
{
    private const int MostKept = 48;

    private readonly Fresh<(CenterId Center, DateOnly Day), (SaturationReportInput Input, SaturationReportModel Report)> _reports = new(clock, MostKept);

    /// <summary>The page up to a day, UTF-8.</summary>
    /// <param name="day">The last local day that counts; null: the newest that is whole.</param>
    /// <exception cref="UserException">No such center, no whole day yet, the day is not over, or nothing was installed on it.</exception>
    public async Task<byte[]> PageAsync(string center, DateOnly? day, TextLookup text, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        var report = await ReportAsync(center, day ?? view.LastWholeDay ?? view.Today, cancellationToken);
        return Encoding.UTF8.GetBytes(await PageRenderer.RenderAsync<SaturationPage>(
            new() { [nameof(SaturationPage.Report)] = report, [nameof(SaturationPage.Text)] = text }, cancellationToken));
    }

    /// <summary>The report up to a day, in no language yet.</summary>
    /// <exception cref="UserException">As <see cref="PageAsync"/>.</exception>
    public async Task<SaturationReportModel> ReportAsync(string center, DateOnly day, CancellationToken cancellationToken) => (await MadeAsync(center, day, cancellationToken)).Report;

    /// <summary>What the report is made of.</summary>
    /// <exception cref="UserException">As <see cref="PageAsync"/>.</exception>
    public async Task<SaturationReportInput> InputAsync(string center, DateOnly day, CancellationToken cancellationToken) => (await MadeAsync(center, day, cancellationToken)).Input;

    /// <summary>Rises when anything changes that a report up to the day is made of.</summary>
    public (long Facts, long Days) VersionOf(CenterId center, DateOnly day) => (store.FactsVersion(center), store.DaysVersion(center, day));

    private async Task<(SaturationReportInput Input, SaturationReportModel Report)> MadeAsync(string center, DateOnly day, CancellationToken cancellationToken)
    {
        var definition = await desk.CenterAsync(center, cancellationToken);
        return await _reports.GetAsync(
            (definition.Id, day),
            VersionOf(definition.Id, day),
            pulse: 0,
            TimeSpan.Zero,
            async token =>
            {
                var catalog = await desk.CatalogAsync(token);
                var input = await new SaturationReportBuilder(store, clock).BuildAsync(definition, catalog, day, Instants.Never, token);
                return (input, SaturationReportModel.Of(input));
            },
            cancellationToken);
    }
}
