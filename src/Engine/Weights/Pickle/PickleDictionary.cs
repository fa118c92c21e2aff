namespace Grid.Engine.Weights.Pickle;

/// <summary>A dict as it was written, in order.</summary>
internal sealed class PickleDictionary : List<KeyValuePair<object?, object?>>;
