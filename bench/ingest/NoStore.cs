using System.Reflection;
using Headroom.Storage;

namespace Headroom.Bench.Ingest;

/// <summary>A store that keeps nothing: what is left is the cost of everything before it.</summary>
public class NoStore : DispatchProxy
{
    public static IStore New() => Create<IStore, NoStore>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(Task<AppendReceipt>) ? Task.FromResult(new AppendReceipt(0, 0, 0, 0)) : throw new NotSupportedException(targetMethod?.Name);
}
