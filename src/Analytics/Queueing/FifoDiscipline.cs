namespace Headroom.Analytics.Queueing;

/// <summary>Strictly first come, first served: while the head does not fit, everybody waits.</summary>
public sealed class FifoDiscipline : IQueueDiscipline
{
    public static readonly FifoDiscipline Instance = new();

    public string Name => "fifo";

    public int Next(in QueueView view) =>
        view.Head != QueueView.None && view.Jobs[view.Head].Devices <= view.FreeDevices ? view.Head : QueueView.None;
}
