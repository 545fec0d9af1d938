using System.Globalization;
using System.Text;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Explaining;

/// <summary>A center of which every section of a report has something to say: gangs, stragglers, idle runs, slices, contracts, counts, meters, outages, swaps, queues.</summary>
internal static class RunningCenter
{
    /// <summary>A Wednesday: outages, hot cards, stragglers and changes fall on it.</summary>
    public const string Day = "2026-03-04";

    private const string File = """
        center: case
        name: {en: Case, zh: 算例}
        zone: Asia/Shanghai
        grid_factors:
          - {from: 2026-01-01, kg_per_kwh: 0.57, provenance: {assumed: true}}
        pools:
          - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, devices_per_host: 4, gauge: true, nameplate_p: 4, nameplate_source: {assumed: true}, devices: 14, devices_source: {assumed: true}}
          - {id: hpc, name: {en: HPC, zh: 超算}, precision: fp64, devices_per_host: 1, gauge: false, devices_source: {assumed: true}}
        """;

    /// <summary>Telemetry from the evening of 28 February UTC on, for eleven days.</summary>
    public static async Task FillAsync(TestCenter center)
    {
        center.Write("center.yaml", File);
        await center.IngestAsync(Inventory());
        await center.SucceedAsync("ingest", "telemetry", center.Write("gauges.csv", Telemetry()), "--center", "case", "--format", "csv");
        await center.SucceedAsync("ingest", "jobs", center.Write("jobs.csv", Jobs()), "--center", "case");
        await center.SucceedAsync("ingest", "allocations", center.Write("allocations.csv", Allocations()), "--center", "case");
        await center.SucceedAsync("ingest", "requests", center.Write("requests.csv", Requests()), "--center", "case");
        await center.SucceedAsync("ingest", "counts", center.Write("counts.csv", Counts()), "--center", "case");
        await center.SucceedAsync("ingest", "meter", center.Write("meter.csv", Meters()), "--center", "case");
    }

    // Hours after midnight UTC of the Wednesday; its local day begins at -8.
    private static string At(double hour) => TestCenter.At(hour, Day);

    private static string Inventory()
    {
        var rows = new StringBuilder();
        for (var i = 0; i < 13; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"c{i:00},n{i / 4},{i % 4},T256,ai,installed,{At(-200)},,\n");
        }

        rows.Append(CultureInfo.InvariantCulture, $"h0,h0,0,Node8,hpc,installed,{At(-200)},,\nh1,h1,0,Node8,hpc,installed,{At(-200)},,\n");
        rows.Append(CultureInfo.InvariantCulture, $"c08,,,,,down,{At(-3.5)},{At(5.25)},fan\nc08,,,,,repair,{At(4)},{At(6.5)},fan\nc09,,,,,maintenance,{At(1)},{At(2)},firmware\n");
        rows.Append(CultureInfo.InvariantCulture, $"c12,,,,,retired,{At(3)},,old\nc13,n3,0,T256,ai,installed,{At(4)},,\nc10,n4,1,,,moved,{At(9.1)},,\n");
        return rows.ToString();
    }

    private static string Telemetry()
    {
        var text = new StringBuilder("timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c\n");
        var start = DateTimeOffset.Parse(At(-88), CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        for (var step = 0; step < 240 * 12; step++)
        {
            var hour = -88 + (step / 12.0);
            for (var i = 0; i < 14; i++)
            {
                if (Use(i, hour, step) is { } use)
                {
                    var (power, heat) = (i == 9 && hour is > 6 and < 9 ? 250 : 90 + (2.1 * use), i == 7 && hour is > 10 and < 11.5 ? 91.5 : 55);
                    text.Append(CultureInfo.InvariantCulture, $"{start + (step * 300L)},c{i:00},,,{use},,{power},{heat}\n");
                }
            }
        }

        return text.ToString();
    }

    // c03 drags behind its gang; c04 starts late, pauses and ends early; c09 reports 0 under load; c10 falls silent; c11 works for nobody.
    private static double? Use(int card, double hour, int step) => (card, hour) switch
    {
        (12, >= 3) or (13, < 4) => null,
        (10, > -2 and < 9) => null,
        (3, _) => 17 + (step % 3),
        (< 3, _) => 81.3 + (step % 7),
        (4, < -5 or (> 3 and < 3.5) or > 7.2) => 1,
        (5, > 0 and < 1.1) => 2.5,
        (9, > 6 and < 9) => 0,
        (11, _) => 33,
        _ => 60 + (step % 11),
    };

    private static string Jobs()
    {
        const string header = "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,eligible_utc,card_ids,attempt_of,precision\n";
        string Row(string id, string tenant, double submitted, double? started, double? ended, int cards, string state, string pool = "ai", double? eligible = null, string ids = "", string attempt = "", string precision = "") =>
            $"case,{id},{tenant},{At(submitted)},{Time(started)},{Time(ended)},{cards},{state},{pool},{Time(eligible)},{ids},{attempt},{precision}\n";
        return header
            + Row("gang", "uni", -40, -30, 12, 4, "COMPLETED", ids: "c00;c01;c02;c03", precision: "fp64")
            + Row("late", "maker", -8, -7, 8.5, 1, "FAILED", eligible: -7.5, ids: "c04")
            + Row("own", "city", -4, -3, 3, 1, "COMPLETED", ids: "c06")
            + Row("warm", "lab", 1, 2, 14, 1, "COMPLETED", ids: "c07")
            + Row("cut", "lab", -12, -10, -3.5, 1, "NODE_FAIL", ids: "c08")
            + Row("cut-2", "lab", -3.4, 7, 9, 1, "PREEMPTED", ids: "c08", attempt: "cut")
            + Row("cut-3", "lab", 9.5, 10, null, 1, "RUNNING", ids: "c08", attempt: "cut")
            + Row("zero", "maker", -1, -0.5, 20, 1, "COMPLETED", ids: "c09")
            + Row("wide", "uni", -20, 40, 50, 8, "COMPLETED")
            + Row("waits", "maker", 2, null, null, 2, "PENDING", eligible: 5)
            + Row("gave-up", "maker", -6, null, 4, 3, "CANCELLED")
            + Row("nodes", "lab", -12, -11, 6, 2, "TIMEOUT", pool: "hpc")
            + Row("last", "uni", 60, 70, 80, 1, "COMPLETED", ids: "c13");
    }

    private static string Time(double? hour) => hour is { } known ? At(known) : "";

    private static string Allocations() => "card,from,to,tenant,job_id,kind,share\n"
        + $"c05,{At(-6)},{At(9)},uni,slice-1,job,0.3\nc05,{At(-4)},{At(11)},maker,slice-2,job,0.5\n"
        + $"c06,{At(-300)},2027-01-01T00:00:00Z,city,K-1,contract,1\nc02,{At(-5)},{At(20)},city,R-1,reservation,1\nc11,{At(12)},{At(15)},city,R-2,reservation,0.25\n";

    private static string Requests() => "request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability\n"
        + $"A-1,case,city,ai,6,{At(-50)},{At(-10)},,pending,,,0.5\nA-2,case,uni,ai,4,{At(-60)},{At(-60)},,approved,{At(-20)},,\n";

    private static string Counts()
    {
        var rows = new StringBuilder("hour,tenant,installed,allocated,queued,pool\n");
        for (var hour = -80; hour < 100; hour++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"{At(hour)},school,6,{(hour % 3 == 0 ? 5.9 : 2.25)},{hour % 2},ai\n{At(hour)},guest,,{1.5},,ai\n");
        }

        return rows.ToString();
    }

    // The long reading gives way to the hour in it; the rack's meter pauses.
    private static string Meters() => "meter,scope,from,to,kwh\n"
        + $"main,facility,{At(-40)},{At(60)},333.7\nmain,facility,{At(2)},{At(3)},9.01\nsolar,facility,{At(-30)},{At(12)},41\n"
        + $"rack,it,{At(-20)},{At(4)},77\nrack,it,{At(7)},{At(30)},71.5\n";
}
