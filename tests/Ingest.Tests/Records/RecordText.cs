using System.Globalization;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;

namespace Headroom.Ingest.Tests.Records;

/// <summary>A text of records, read; facts as short lines that a person can compare.</summary>
internal sealed class RecordText
{
    public static readonly long Now = At("2026-11-22T00:00:00Z");

    public static RecordSource Source { get; } = new("f", Now) { Zone = TimeZoneInfo.Utc, At = Now, Center = new("lab") };

    public required FactBatch Facts { get; init; }

    public RejectCounts Rejects { get; } = new();

    public List<UserMessage> Notices { get; } = [];

    public static RecordText Of(string kind, string format, string text, RecordSource? source = null) => Of(kind, format, Encoding.UTF8.GetBytes(text), source);

    public static RecordText Of(string kind, string format, byte[] bytes, RecordSource? source = null)
    {
        var (rejects, notices) = (new RejectCounts(), new List<UserMessage>());
        using var content = new MemoryStream(bytes);
        var read = new RecordText { Facts = RecordFormats.Find(kind, format)!.Read(content, source ?? Source, rejects, notices) };
        read.Rejects.Add(rejects);
        read.Notices.AddRange(notices);
        return read;
    }

    public static long At(string text) => Instants.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));

    public static PoolDefinition Pool(string id, bool hasGauge = true)
    {
        var assumed = new Provenance(Assumed: true, Source: null, Date: null);
        return new(new(id), new(id, id), Precision.Fp16, Nameplate: null, assumed, Model: null, Devices: null, DevicesPerHost: 8, hasGauge, assumed);
    }

    public static ILookup<string, DeviceId> Hosts(params (string Host, string Device)[] devices) => devices.ToLookup(entry => entry.Host, entry => new DeviceId(entry.Device));

    /// <summary>id tenant xN state | submit eligible start end | pool model queue cards; times without their date.</summary>
    public string[] Jobs() =>
    [
        .. Facts.Jobs.Select(job => $"{job.JobId} {job.Tenant} x{job.Devices} {job.State} | {Clock(job.Submitted)} {Clock(job.Eligible)} {Clock(job.Started)} {Clock(job.Ended)} | "
            + $"{job.Pool?.Value ?? "-"} {job.Model ?? "-"} {job.Priority ?? "-"} {string.Join('+', job.DeviceIds)}".TrimEnd()),
    ];

    public string[] Inventory() =>
        [.. Facts.Inventory.Select(fact => $"{fact.Device} {fact.Event} {Clock(fact.Valid.From)}-{(fact.Valid.Until == Instants.Never ? "" : Clock(fact.Valid.Until))} {fact.Host}/{fact.Slot} {fact.Model}{fact.Pool?.Value} {fact.Reason}".TrimEnd())];

    public string[] RejectTexts() => [.. Rejects.Rows.Select(row => $"{row.Place} {row.Reason} {row.Column}")];

    private static string Clock(long? instant) => instant is { } at ? Instants.ToText(at)[11..].TrimEnd('Z') : "-";
}
