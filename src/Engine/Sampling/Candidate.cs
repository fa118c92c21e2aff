namespace Grid.Engine.Sampling;

/// <summary>
/// An id with its unnormalized probability: most likely first; of equals the highest id first, as vLLM's stable ascending sort leaves them.
/// </summary>
internal readonly record struct Candidate(double Weight, int Id) : IComparable<Candidate>
{
    public int CompareTo(Candidate other)
    {
        var order = other.Weight.CompareTo(Weight);
        return order != 0 ? order : other.Id.CompareTo(Id);
    }
}
