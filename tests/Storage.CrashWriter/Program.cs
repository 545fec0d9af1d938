using System.Globalization;
using Headroom.Storage.CrashWriter;
using Headroom.Storage.Sqlite;

// CrashWriter DATABASE FIRST: appends batches from number FIRST on, prints each number once it is acknowledged, and never ends by itself.
var store = await SqliteStore.OpenAsync(new() { Path = args[0] }, TimeProvider.System, CancellationToken.None);
for (var number = int.Parse(args[1], CultureInfo.InvariantCulture); ; number++)
{
    await CrashBatches.AppendAsync(store, number, CancellationToken.None);
    Console.Out.WriteLine(number.ToString(CultureInfo.InvariantCulture));
    await Console.Out.FlushAsync();
    if (number % 7 == 0)
    {
        await store.SealAsync(CrashBatches.Center, CancellationToken.None);
    }
}
