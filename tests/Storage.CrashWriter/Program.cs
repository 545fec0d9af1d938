using System.Globalization;
using Headroom.Storage.CrashWriter;
using Headroom.Storage.Sqlite;

// CrashWriter DATABASE FIRST [PHASE]: appends batches from number FIRST on, prints each number once it is acknowledged, and never ends by itself.
// Between batches it does, again and again, what the phase is named for, and says so before the first time.
var (path, first, phase) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), args.Length > 2 ? args[2] : "append");
if (phase == "migrate")
{
    await SayAsync("phase migrate");
}

var store = await SqliteStore.OpenAsync(new() { Path = path }, TimeProvider.System, CancellationToken.None);
for (var number = first; ; number++)
{
    await CrashBatches.AppendAsync(store, number, CancellationToken.None);
    await SayAsync(number.ToString(CultureInfo.InvariantCulture));
    if (number == first && args.Length > 2 && phase != "migrate")
    {
        await SayAsync($"phase {phase}");
    }

    store = await CrashPhases.RunAsync(store, phase, path, number, CancellationToken.None);
}

static async Task SayAsync(string line)
{
    Console.Out.WriteLine(line);
    await Console.Out.FlushAsync();
}
