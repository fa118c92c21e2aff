namespace Grid.Engine.Weights.Pickle;

/// <summary>The things outside itself that a pickle may name. None of them is ever run: each is read as data.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public static readonly PickleGlobal OrderedDict = new("collections", "OrderedDict");
    public static readonly PickleGlobal RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    public static readonly PickleGlobal RebuildParameter = new("torch._utils", "_rebuild_parameter");

    public bool IsStorage => Module == "torch" && TorchStorage.ElementSizes.ContainsKey(Name);

    public bool IsAllowed => this == OrderedDict || this == RebuildTensor || this == RebuildParameter || IsStorage;

    public override string ToString() => $"{Module}.{Name}";
}
