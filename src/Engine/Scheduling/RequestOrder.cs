using Grid.Engine.Requests;

namespace Grid.Engine.Scheduling;

/// <summary>Who is served before whom. The last in this order is the first to be preempted.</summary>
internal sealed class RequestOrder(SchedulingPolicy policy) : IComparer<Request>
{
    public int Compare(Request? x, Request? y)
    {
        if (x is null || y is null) return Comparer<object>.Default.Compare(x, y);
        if (policy == SchedulingPolicy.Priority && x.Source.Priority != y.Source.Priority)
            return x.Source.Priority.CompareTo(y.Source.Priority);
        return x.Sequence.CompareTo(y.Sequence);
    }
}
