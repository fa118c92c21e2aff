namespace Grid.Engine.Kernels;

/// <summary>Sums over the members of a group, added in the order of their indexes, so that every member gets the same bits.</summary>
internal static unsafe class Sums
{
    /// <summary>Adds up the elements from <paramref name="first"/> to before <paramref name="last"/> of all inputs, in float32.</summary>
    public static void Add<T>(ReadOnlySpan<nint> inputs, long first, long last, float* sum)
        where T : unmanaged, IElement<T>
    {
        for (var i = first; i < last; i += Lanes.Count)
        {
            var total = Lanes.Load((T*)inputs[0], i, last);
            for (var index = 1; index < inputs.Length; index++) total += Lanes.Load((T*)inputs[index], i, last);
            Lanes.Store(total, (Float32Element*)sum, i, last);
        }
    }

    /// <summary>Rounds a sum to the type of the tensor that it replaces.</summary>
    public static void Store<T>(float* sum, void* destination, long count)
        where T : unmanaged, IElement<T>
    {
        for (long i = 0; i < count; i += Lanes.Count) Lanes.Store(Lanes.Load((Float32Element*)sum, i, count), (T*)destination, i, count);
    }
}
