using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Explaining;
using Headroom.Service.Pages;
using Headroom.Service.Scheduling;
using Microsoft.AspNetCore.Components;

namespace Headroom.Service.Endpoints;

/// <summary>The pages for people.</summary>
internal static class SitePages
{
    private const string Html = "text/html; charset=utf-8";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/", OverviewAsync);
        pages.MapGet("/centers/new", context => WriteAsync<NewCenterPage>(context, new() { [nameof(NewCenterPage.Origin)] = OriginOf(context.Request) }));
        pages.MapPost("/centers/new", AddCenterAsync).DisableAntiforgery();
        pages.MapGet("/centers/{id}", CenterAsync);
        pages.MapGet("/centers/{id}/days/{day}", (HttpContext context, string id, string day, DayPages made) => PeriodAsync(context, id, PeriodKind.Day, day, made));
        pages.MapGet("/centers/{id}/weeks/{day}", (HttpContext context, string id, string day, DayPages made) => PeriodAsync(context, id, PeriodKind.Week, day, made));
        pages.MapGet("/centers/{id}/months/{day}", (HttpContext context, string id, string day, DayPages made) => PeriodAsync(context, id, PeriodKind.Month, day, made));
        pages.MapGet("/centers/{id}/saturation", SaturationAsync);
        pages.MapGet("/centers/{id}/track", TrackAsync);
        pages.MapGet("/centers/{id}/demand", DemandAsync);
        pages.MapGet("/centers/{id}/quality", QualityAsync);
        pages.MapGet("/reports/{report}/cells/{**cell}", ExplainAsync);
        pages.MapGet("/centers/{id}/cards/{card}", CardAsync);
        pages.MapGet("/centers/{id}/tenants", TenantListAsync);
        pages.MapGet("/centers/{id}/tenants/{tenant}", TenantAsync);
        pages.MapGet("/sources", SourcesAsync);
        pages.MapGet("/design", context => WriteAsync<DesignPage>(context, []));
        pages.MapGet("/assets/{name}", Asset);
    }

    private static async Task OverviewAsync(HttpContext context, CenterDesk desk)
    {
        var lines = ImmutableArray.CreateBuilder<CenterLine>();
        foreach (var center in await desk.CentersAsync(context.RequestAborted))
        {
            lines.Add(CenterLine.Of(await desk.ViewAsync(center.Id.Value, context.RequestAborted)));
        }

        await WriteAsync<OverviewPage>(context, new() { [nameof(OverviewPage.Centers)] = lines.DrainToImmutable(), [nameof(OverviewPage.Origin)] = OriginOf(context.Request) });
    }

    private static async Task CenterAsync(HttpContext context, string id, string? month, CenterDesk desk, AuditPages audits)
    {
        var shown = month is { Length: > 0 } ? Questions.Day($"{month}-01", "month") : null;
        var model = await CenterModel.ReadAsync(await desk.ViewAsync(id, context.RequestAborted), shown, desk, audits, context.RequestAborted);
        await WriteAsync<CenterPage>(context, new() { [nameof(CenterPage.Model)] = model });
    }

    private static async Task PeriodAsync(HttpContext context, string id, PeriodKind kind, string day, DayPages pages) =>
        await WriteAsync(context, await pages.PageAsync(id, ReportPeriod.Of(kind, Questions.Day(day, "day")!.Value), RequestLanguage.Of(context.Request), context.RequestAborted));

    private static async Task ExplainAsync(HttpContext context, string report, string cell, DayPages pages, CenterDesk desk, ServedStore store, TimeProvider clock)
    {
        var name = ReportName.Parse(report) ?? throw new UserException(UserMessage.Of(MessageCode.PageUnknown, context.Request.Path));
        var (model, input) = await pages.ReportAsync(name.Center, name.Period, context.RequestAborted);

        // A slash inside of a name stays escaped in what a route catches.
        var asked = cell.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var figure = model.Cells.FirstOrDefault(figure => figure.Cell == asked) ?? throw new UserException(UserMessage.Of(MessageCode.PageUnknown, context.Request.Path));
        var view = await desk.ViewAsync(name.Center, context.RequestAborted);
        await WriteAsync<ExplainPage>(context, new()
        {
            [nameof(ExplainPage.Model)] = await new Explainer(store, clock, view.Devices, input).OneAsync(figure, context.RequestAborted),
            [nameof(ExplainPage.Center)] = view.Center,
            [nameof(ExplainPage.Simulated)] = input.Simulated,
            [nameof(ExplainPage.Back)] = $"/centers/{name.Center}/{name.Period.Kind.ToString().ToLowerInvariant()}s/{Dates.Iso(name.Period.First)}",
        });
    }

    private static async Task SaturationAsync(HttpContext context, string id, string? day, SaturationPages pages) =>
        await WriteAsync(context, await pages.PageAsync(id, Questions.Day(day, "day"), RequestLanguage.Of(context.Request), context.RequestAborted));

    private static async Task TrackAsync(HttpContext context, string id, TrackPages pages)
    {
        var (view, reading) = await pages.AskAsync(id, context.RequestAborted);
        await WriteAsync<TrackPage>(context, new() { [nameof(TrackPage.View)] = view, [nameof(TrackPage.Series)] = TrackLines.Of(reading), [nameof(TrackPage.Open)] = reading.Open });
    }

    private static async Task DemandAsync(HttpContext context, string id, string? day, string? clear, DemandPages pages) =>
        await WriteAsync(context, await pages.PageAsync(id, Questions.Day(day, "day"), Questions.Day(clear, "clear"), RequestLanguage.Of(context.Request), context.RequestAborted));

    private static async Task QualityAsync(HttpContext context, string id, string? day, QualityPages pages)
    {
        var (view, report) = await pages.AskAsync(id, Questions.Day(day, "day"), context.RequestAborted);
        await WriteAsync<QualityPage>(context, new() { [nameof(QualityPage.View)] = view, [nameof(QualityPage.Report)] = report });
    }

    private static async Task CardAsync(HttpContext context, string id, string card, string? day, string? hour, CenterDesk desk, ServedStore store, TimeProvider clock)
    {
        var view = await desk.ViewAsync(id, new Domain.Devices.DeviceId(card), context.RequestAborted);
        var model = await CardModel.ReadAsync(view, card, Questions.Day(day, "day") ?? view.LastWholeDay ?? view.Today, hour, store, clock, context.RequestAborted);
        await WriteAsync<CardPage>(context, new() { [nameof(CardPage.Model)] = model });
    }

    private static async Task TenantListAsync(HttpContext context, string id, CenterDesk desk, ServedStore store, TimeProvider clock)
    {
        var model = await TenantListModel.ReadAsync(await desk.ViewAsync(id, context.RequestAborted), store, clock, context.RequestAborted);
        await WriteAsync<TenantListPage>(context, new() { [nameof(TenantListPage.Model)] = model });
    }

    private static async Task TenantAsync(HttpContext context, string id, string tenant, CenterDesk desk, ServedStore store, TimeProvider clock)
    {
        var model = await TenantModel.ReadAsync(await desk.ViewAsync(id, context.RequestAborted), tenant, store, clock, context.RequestAborted);
        await WriteAsync<TenantPage>(context, new() { [nameof(TenantPage.Model)] = model });
    }

    private static async Task SourcesAsync(HttpContext context, CenterDesk desk, ServedStore store, CollectorService collectors, TimeProvider clock)
    {
        var centers = await CenterSources.ReadAsync(desk, store, collectors, context.RequestAborted);
        await WriteAsync<SourcesPage>(context, new() { [nameof(SourcesPage.Centers)] = centers, [nameof(SourcesPage.Now)] = clock.Now(), [nameof(SourcesPage.Origin)] = OriginOf(context.Request) });
    }

    private static async Task AddCenterAsync(HttpContext context, ServedStore store)
    {
        MediaTypes.Require(context.Request, "application/x-www-form-urlencoded");
        var content = (await context.Request.ReadFormAsync(context.RequestAborted))["file"].ToString().ReplaceLineEndings("\n");
        try
        {
            await CentersEndpoint.SaveAsync(store, content, "center.yaml", context.RequestAborted);
            context.Response.Redirect("/sources");
        }
        catch (UserException problem)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync<NewCenterPage>(
                context,
                new() { [nameof(NewCenterPage.Content)] = content, [nameof(NewCenterPage.Problems)] = problem.Messages, [nameof(NewCenterPage.Origin)] = OriginOf(context.Request) });
        }
    }

    private static string OriginOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static IResult Asset(HttpContext context, string name)
    {
        if (SiteAssets.Find(name) is not { } asset)
        {
            throw new UserException(UserMessage.Of(MessageCode.PageUnknown, context.Request.Path));
        }

        // The address changes with the content.
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.Type);
    }

    private static async Task WriteAsync(HttpContext context, byte[] page)
    {
        RequestLanguage.Remember(context);
        context.Response.ContentType = Html;
        context.Response.ContentLength = page.Length;
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }

    private static async Task WriteAsync<TPage>(HttpContext context, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        TextLookup text = RequestLanguage.Of(context.Request);
        RequestLanguage.Remember(context);
        parameters["Text"] = text;
        context.Response.ContentType = Html;
        await context.Response.WriteAsync(await PageRenderer.RenderAsync<TPage>(parameters, context.RequestAborted), context.RequestAborted);
    }
}
