using System.Text.Json;
using System.Text.Json.Serialization;
using Headroom.Domain.Messages;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Sqlite.CardDays;

namespace Headroom.Storage.Sqlite;

/// <summary>Versions of the findings of a day, packed JSON. A new one is kept where it differs from the newest.</summary>
internal static class FindingsTable
{
    private const byte Kind = (byte)'F';

    public static void Save(Session session, long center, DayFindings findings, long recorded)
    {
        var newest = (byte[]?)session.Scalar("SELECT data FROM findings WHERE center = @1 AND day = @2 ORDER BY recorded_micros DESC LIMIT 1", center, findings.Day.DayNumber);
        var data = Pack(findings);
        if (newest is null || !newest.AsSpan().SequenceEqual(data))
        {
            session.Execute("INSERT OR REPLACE INTO findings (center, day, recorded_micros, data) VALUES (@1, @2, @3, @4)", center, findings.Day.DayNumber, recorded, data);
        }
    }

    /// <exception cref="UserException">Findings are damaged.</exception>
    public static List<DayFindings> Read(Session session, long center, DateOnly from, DateOnly until, long asOf, string path)
    {
        var days = new List<DayFindings>();
        using var reader = session.Read(
            """
            SELECT f.day, f.data FROM findings f
            WHERE f.center = @1 AND f.day >= @2 AND f.day < @3
              AND f.recorded_micros = (SELECT MAX(n.recorded_micros) FROM findings n WHERE n.center = f.center AND n.day = f.day AND n.recorded_micros <= @4)
            ORDER BY f.day
            """,
            center,
            from.DayNumber,
            until.DayNumber,
            asOf);
        while (reader.Read())
        {
            try
            {
                days.Add(Unpack(DateOnly.FromDayNumber(reader.GetInt32(0)), reader.GetFieldValue<byte[]>(1)));
            }
            catch (Exception damage) when (damage is DamagedException or JsonException)
            {
                throw new UserException(UserMessage.Of(MessageCode.DatabaseDamaged, path, damage.Message), damage);
            }
        }

        return days;
    }

    /// <exception cref="DamagedException">The bytes are not as they were written.</exception>
    public static DayFindings Unpack(DateOnly day, byte[] data)
    {
        var content = JsonSerializer.Deserialize(PackedBytes.Unpack(Kind, data), FindingsJson.Default.FindingsContent)!;
        return new(
            day,
            [
                .. content.Idle.Select(run => new IdleRun(
                    new(run.Device), new(run.Pool), run.Model, new(run.Tenant), run.JobId, run.Kind, new(run.From, run.Until), run.Part, run.SharePpm)),
            ],
            [.. content.Stragglers.Select(one => new Straggler(new(one.Device), new(one.Pool), one.Model, new(one.Tenant), one.JobId, one.UsePpm, one.MedianPpm, one.HeldMicros))],
            [.. content.Hot.Select(hot => new HotDevice(new(hot.Device), new(hot.Pool), hot.Micros, hot.PeakMillidegrees))]);
    }

    private static byte[] Pack(DayFindings findings) => PackedBytes.Pack(
        Kind,
        JsonSerializer.SerializeToUtf8Bytes(
            new FindingsContent(
                [
                    .. findings.Idle.Select(run => new IdleContent(
                        run.Device.Value, run.Pool.Value, run.Model, run.Tenant.Value, run.JobId, run.Kind, run.Time.From, run.Time.Until, run.Part, run.SharePpm)),
                ],
                [
                    .. findings.Stragglers.Select(one => new StragglerContent(
                        one.Device.Value, one.Pool.Value, one.Model, one.Tenant.Value, one.JobId, one.UsePpm, one.MedianPpm, one.HeldMicros)),
                ],
                [.. findings.Hot.Select(hot => new HotContent(hot.Device.Value, hot.Pool.Value, hot.Micros, hot.PeakMillidegrees))]),
            FindingsJson.Default.FindingsContent));
}

internal sealed record FindingsContent(IdleContent[] Idle, StragglerContent[] Stragglers, HotContent[] Hot);

internal sealed record IdleContent(
    string Device, string Pool, string? Model, string Tenant, string JobId, Domain.Facts.AllocationKind Kind, long From, long Until, IdlePart Part, int SharePpm);

internal sealed record StragglerContent(string Device, string Pool, string? Model, string Tenant, string JobId, int UsePpm, int MedianPpm, long HeldMicros);

internal sealed record HotContent(string Device, string Pool, long Micros, int PeakMillidegrees);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(FindingsContent))]
internal sealed partial class FindingsJson : JsonSerializerContext;
