using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Headroom.Service.Access;
using Headroom.Service.Endpoints;
using Headroom.Service.Scheduling;
using Headroom.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Composition;

/// <summary>How a service is started.</summary>
/// <param name="Urls">Checked by <see cref="ServeAddress.Parse"/>.</param>
/// <param name="Database">The file of the store, to tell its size.</param>
internal sealed record ServeSettings(ImmutableArray<string> Urls, bool BehindProxy, string Database)
{
    public bool LoopbackOnly => !BehindProxy && ServeAddress.AreLoopback(Urls);

    /// <summary>True: whoever sends no token is refused. Always so where other machines may ask.</summary>
    public bool RequireTokens { get; init; }

    /// <summary>For addresses that begin with https; null: there are none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Changes to the options, after the configuration.</summary>
    public Action<ServeOptions>? Configure { get; init; }
}

/// <summary>The running service: API, pages, collectors, accounting on one store.</summary>
internal sealed class ServeHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ServeHost(WebApplication application) => _application = application;

    /// <summary>Where it listens, with the ports that were free.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Starts on a store opened to write; the store stays the caller's.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    public static async Task<ServeHost> StartAsync(IStore store, ServeSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var application = Build(store, settings, clock);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        var host = new ServeHost(application);
        foreach (var address in host.Addresses)
        {
            ServiceLog.Serving(application.Logger, address);
        }

        return host;
    }

    /// <summary>Stops accepting, finishes what is being received (for a few seconds), and ends.</summary>
    public async Task StopAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        ServiceLog.Stopped(_application.Logger);
    }

    /// <summary>Completes when something asks the service to stop.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _application.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(IStore store, ServeSettings settings, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("HEADROOM_");
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp, console.ColorBehavior) = (true, "yyyy-MM-dd'T'HH:mm:ss'Z' ", true, LoggerColorBehavior.Disabled));
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (settings.Certificate is { } certificate)
            {
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });

        var services = builder.Services;
        services.AddOptions<ServeOptions>().BindConfiguration("Serve").Configure(options => settings.Configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<ServeOptions>>((host, serve) =>
            (host.ShutdownTimeout, host.ServicesStopConcurrently) = (TimeSpan.FromSeconds(serve.Value.StopWithinSeconds), true));
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        services.AddSingleton(settings);
        services.AddSingleton(clock);
        services.AddSingleton(new TokenFile(settings.Database));
        services.AddSingleton(new ServedStore(store, clock));
        services.AddSingleton<CenterDesk>();
        services.AddSingleton<DemandDesk>();
        services.AddSingleton<AuditPages>();
        services.AddSingleton<DayPages>();
        services.AddSingleton<SaturationPages>();
        services.AddSingleton<TrackPages>();
        services.AddSingleton<QualityPages>();
        services.AddSingleton<DemandPages>();
        services.AddSingleton<IngestGate>();
        services.AddSingleton(provider => RemoteWriteEndpoint.NewReceiver(provider.GetRequiredService<ServedStore>(), provider.GetRequiredService<CenterDesk>(), clock));
        services.AddSingleton<RequestCounts>();
        services.AddSingleton<CollectorService>();
        services.AddSingleton<CardHourService>();
        services.AddHostedService(provider => provider.GetRequiredService<CollectorService>());
        services.AddHostedService(provider => provider.GetRequiredService<CardHourService>());
        services.AddHostedService<WarmUpService>();
        if (store is IStoreUpkeep upkeep)
        {
            services.AddSingleton(upkeep);
            services.AddHostedService<RetentionService>();
        }

        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DictionaryKeyPolicy = null;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Headroom";
            document.Info.Version = Commands.CommandLine.Version;
            return Task.CompletedTask;
        }));
        return Map(builder.Build(), settings);
    }

    private static WebApplication Map(WebApplication application, ServeSettings settings)
    {
        if (settings.BehindProxy)
        {
            application.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost });
        }

        application.UseMiddleware<RequestBorder>();
        application.UseRouting();
        application.UseMiddleware<TokenGuard>();
        CentersEndpoint.Map(application);
        UtilizationEndpoint.Map(application);
        ForecastEndpoint.Map(application);
        DemandEndpoint.Map(application);
        IngestEndpoint.Map(application);
        RemoteWriteEndpoint.Map(application);
        ReportsEndpoint.Map(application);
        MetricsEndpoint.Map(application);
        HealthEndpoint.Map(application);
        SitePages.Map(application);
        application.MapOpenApi("/openapi/{documentName}.json");
        return application;
    }

    /// <summary>Signals are the command line's to hear; it asks the host to stop.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
