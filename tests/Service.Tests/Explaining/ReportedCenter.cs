using System.Globalization;
using System.Text;
using Headroom.Service.Tests.Cases;
using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Explaining;

/// <summary>A center with a bit of everything: two pools, rated and unrated models, jobs with and without devices, an outage, a swap, gaps, rejected rows.</summary>
internal static class ReportedCenter
{
    public const string LastDay = "2026-04-12";

    /// <summary>42 days from <see cref="TestCenter.Day"/>, which is a Monday.</summary>
    public static async Task FillAsync(TestCenter center)
    {
        var telemetry = new StringBuilder();
        for (var i = 0; i < 42; i++)
        {
            var day = DateOnly.ParseExact(TestCenter.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            telemetry.Append(Gauge("a0", 0, 24, 90 - i, 1800, day)).Append(Gauge("a1", 0, i % 5 == 0 ? 9 : 24, 40 + i, 1800, day));
            telemetry.Append(Gauge(i < 20 ? "a2" : "a2-new", 0, 24, 5, 1800, day)).Append(Gauge("h0", 6, 20, 77.7, 1800, day));
        }

        telemetry.Append(CultureInfo.InvariantCulture, $"{TestCenter.At(12)},a0,250\n");
        await center.IngestAsync(
            Installed("a0", host: "n1") + Installed("a1", "T1000", host: "n1") + $"a2,n2,0,T256,ai,installed,{TestCenter.At(0)},{TestCenter.At(20 * 24)},\n"
                + $"a2-new,n2,0,T256,ai,installed,{TestCenter.At(20 * 24)},,\n" + Installed("h0", "unknown model", "hpc", host: "n3") + $"a1,,,,,down,{TestCenter.At(10 * 24)},{TestCenter.At((11 * 24) + 3.5)},fan\n",
            telemetry.ToString(),
            Job("1", "uni", 5, (30 * 24) + 7.25, 1, "ai", "a0") + Job("2", "maker", 3 * 24, 41 * 24, 1, "ai", "a1") + Job("3", "uni", 38 * 24, (41 * 24) + 5, 1, "ai", "a2-new")
                + Job("4", "lab", 36 * 24, 41 * 24, 2, "hpc") + Job("5", "lab", (41 * 24) + 2, null, 4, "hpc"));
    }
}
