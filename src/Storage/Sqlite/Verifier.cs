using System.Collections.Immutable;
using Dapper;
using Headroom.Domain.Accounting;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;
using Headroom.Storage.Sqlite.CardDays;
using Headroom.Storage.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite;

/// <summary>Reads everything and says what is not as it was written.</summary>
internal sealed class Verifier(Session session)
{
    private readonly List<StoreFault> _faults = [];

    public IReadOnlyList<StoreFault> Verify(CancellationToken cancellationToken)
    {
        Try("pages", Pages);
        Try("samples", () => Blocks(cancellationToken));
        Try("staged samples", Staged);
        Try("card-days", () => CardDays(cancellationToken));
        Try("roll-ups", () => RollUpDays(cancellationToken));
        Try("findings", Findings);
        return _faults;
    }

    private void Try(string place, Action check)
    {
        try
        {
            check();
        }
        catch (SqliteException failure)
        {
            _faults.Add(new(place, FaultKind.Pages, failure.Message));
        }
    }

    private void Pages()
    {
        foreach (var problem in session.Connection.Query<string>("PRAGMA integrity_check(20)").Where(text => text != "ok"))
        {
            _faults.Add(new("pages", FaultKind.Pages, problem));
        }
    }

    private void Blocks(CancellationToken cancellationToken)
    {
        using var reader = session.Read("SELECT b.id, b.day, n.name, b.rows, b.use, b.others, b.center, b.first_device, b.last_device FROM block b JOIN center n ON n.id = b.center ORDER BY b.id");
        var devices = session.Connection.Query<(long Id, long Center, string Name)>("SELECT id, center, name FROM device ORDER BY id").AsList();
        var names = devices.ToDictionary(device => device.Id, device => device.Name);
        var room = new BlockRoom();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (id, day, center) = (reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2));
            string PlaceOf(long device) => $"{center}/{names.GetValueOrDefault(device, $"device {device}")} {UtcDays.ToText(day)}";
            BlockReader? block = null;
            try
            {
                block = new BlockReader(reader.GetFieldValue<byte[]>(4), room);
                block.OpenOthers(reader.GetFieldValue<byte[]>(5));
                Segments(block, reader.GetInt64(3), day, PlaceOf);
                block.Release();
            }
            catch (DamagedException damage)
            {
                // The head names the cards; without it, it may be any in the range.
                var (of, first, last) = (reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8));
                var lost = block?.Segments.Select(segment => segment.Device).Distinct() ?? devices.Where(device => device.Center == of && device.Id >= first && device.Id <= last).Select(device => device.Id);
                _faults.AddRange(lost.Select(device => new StoreFault(PlaceOf(device), FaultKind.Samples, $"head of block {id}: {damage.Message}")));
            }
        }
    }

    private void Segments(BlockReader block, long rowsOfBlock, int day, Func<long, string> placeOf)
    {
        var (rows, total) = (new SampleColumns(), 0L);
        for (var i = 0; i < block.Segments.Length; i++)
        {
            var place = placeOf(block.Segments[i].Device);
            total += block.Segments[i].Rows;
            try
            {
                block.ReadUse(i, rows);
                block.ReadOthers(i, rows);
                if (!IsRising(rows.Instants) || UtcDays.Of(rows.First) != day || UtcDays.Of(rows.Last) != day)
                {
                    _faults.Add(new(place, FaultKind.Samples, "instants do not rise inside the day"));
                }
            }
            catch (DamagedException damage)
            {
                _faults.Add(new(place, FaultKind.Samples, damage.Message));
            }
        }

        if (total != rowsOfBlock)
        {
            _faults.Add(new(placeOf(block.Segments[0].Device), FaultKind.Samples, $"{total} samples where the table says {rowsOfBlock}"));
        }
    }

    private void Staged()
    {
        var codec = new StagedCodec();
        var names = session.Connection.Query<(long Id, string Name)>("SELECT id, name FROM device").ToDictionary(device => device.Id, device => device.Name);
        using var reader = session.Read("SELECT s.id, s.data, n.name, s.rows, s.recorded_micros FROM staged s JOIN center n ON n.id = s.center ORDER BY s.id");
        while (reader.Read())
        {
            var (batch, center, bytes) = ($"staged batch {reader.GetInt64(0)}", reader.GetString(2), reader.GetFieldValue<byte[]>(1));
            try
            {
                codec.Decode(bytes, (device, rows, start, end) =>
                {
                    if (!IsRising(rows.Instants[start..end]))
                    {
                        _faults.Add(new($"{center}/{names.GetValueOrDefault(device, $"device {device}")}", FaultKind.Staged, $"{batch}: instants do not rise"));
                    }
                });
            }
            catch (DamagedException damage)
            {
                var detail = $"{batch}: {damage.Message}; {reader.GetInt64(3)} samples that came at {Instants.ToText(reader.GetInt64(4))}";
                var devices = StagedCodec.DevicesOf(bytes).ToList();
                _faults.AddRange(devices.Count > 0 && devices.TrueForAll(names.ContainsKey)
                    ? devices.Select(device => new StoreFault($"{center}/{names[device]}", FaultKind.Staged, detail))
                    : [new StoreFault(center, FaultKind.Staged, detail)]);
            }
        }
    }

    private void CardDays(CancellationToken cancellationToken)
    {
        var texts = session.Connection.Query<(long Id, string Text)>("SELECT id, text FROM word").ToDictionary(word => word.Id, word => word.Text);
        var names = session.Connection.Query<(long Id, string Name)>("SELECT id, name FROM device").ToDictionary(device => device.Id, device => device.Name);
        using var reader = session.Read("SELECT n.name, c.day, c.data FROM card_pack c JOIN center n ON n.id = c.center ORDER BY c.id");
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var day = $"{DateOnly.FromDayNumber(reader.GetInt32(1)):O}";
            try
            {
                foreach (var (device, hours) in CardPackCodec.Decode(reader.GetFieldValue<byte[]>(2), texts.GetValueOrDefault))
                {
                    if (hours.FirstOrDefault(hour => Fault(hour) is not null) is { } hour)
                    {
                        _faults.Add(new($"{reader.GetString(0)}/{names.GetValueOrDefault(device)} {day}", FaultKind.Sums, $"hour {Instants.ToText(hour.HourStart)}: {Fault(hour)}"));
                    }
                }
            }
            catch (DamagedException damage)
            {
                _faults.Add(new($"{reader.GetString(0)} {day}", FaultKind.CardHours, $"card-days: {damage.Message}"));
            }
        }
    }

    private void Findings()
    {
        using var reader = session.Read("SELECT f.day, f.data, n.name FROM findings f JOIN center n ON n.id = f.center ORDER BY f.center, f.day");
        while (reader.Read())
        {
            var day = DateOnly.FromDayNumber(reader.GetInt32(0));
            try
            {
                FindingsTable.Unpack(day, reader.GetFieldValue<byte[]>(1));
            }
            catch (Exception damage) when (damage is DamagedException or System.Text.Json.JsonException)
            {
                _faults.Add(new($"{reader.GetString(2)} {day:O}", FaultKind.CardHours, $"findings: {damage.Message}"));
            }
        }
    }

    // Hours and days of every scope against the card-days they are made of.
    private void RollUpDays(CancellationToken cancellationToken)
    {
        var words = new Words();
        foreach (var (center, name, number) in session.Connection.Query<(long, string, int)>("SELECT DISTINCT c.center, n.name, c.day FROM card_pack c JOIN center n ON n.id = c.center ORDER BY 1, 3").AsList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var day = DateOnly.FromDayNumber(number);
            try
            {
                var cardDays = CardPacks.Newest(session, center, day, Instants.Never, words, "").Select(pair => new CardDay(default, day, pair.Value)).ToList();
                foreach (var scope in Enum.GetValues<RollUpScope>())
                {
                    var expected = RollUps.OfHours(scope, cardDays);
                    Compare(center, name, scope, RollUpGrain.Hour, day, expected, words);
                    Compare(center, name, scope, RollUpGrain.Day, day, RollUps.Sum(expected, expected.IsEmpty ? 0 : expected.Min(sum => sum.Start)), words);
                }
            }
            catch (UserException damage)
            {
                _faults.Add(new($"{name} {day:O}", FaultKind.CardHours, $"roll-ups: {damage.Messages[0].Code}"));
            }
        }
    }

    private void Compare(long center, string name, RollUpScope scope, RollUpGrain grain, DateOnly day, ImmutableArray<RollUp> expected, Words words)
    {
        var stored = RollUpTable.Read(session, center, scope, grain, day, day.AddDays(1), Instants.Never, words, "");

        // Of a day migrated from an older schema there are none until it is computed again.
        if (stored.Count > 0 && !stored[0].RollUps.AsSpan().SequenceEqual(expected.AsSpan()))
        {
            _faults.Add(new($"{name} {day:O}", FaultKind.Sums, $"roll-ups of {scope} by {grain} are not the sums of their card-hours"));
        }
    }

    private static string? Fault(CardHour hour)
    {
        if (hour.Cells.Micros.ContainsAnyInRange(long.MinValue, -1) || hour is { SilentZero: < 0 } or { EnergyNanojoules: < 0 } or { EnergyKnown: < 0 } or { Samples: < 0 })
        {
            return "a negative number";
        }

        if (hour.Cells.Installed > Micros.PerHour)
        {
            return "more than an hour in an hour";
        }

        return hour.Tenants.Sum(tenant => tenant.Allocated) != hour.Cells.Allocated ? "tenants do not sum to the allocated time" : null;
    }

    private static bool IsRising(ReadOnlySpan<long> instants)
    {
        for (var i = 1; i < instants.Length; i++)
        {
            if (instants[i] <= instants[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
