namespace Grid.Grains.Store;

/// <summary>Changes made by the store's mutators that have not been acted on yet.</summary>
internal sealed class ChangeTracker
{
    private readonly SortedSet<string> _models = new(StringComparer.Ordinal);
    private bool _state;
    private bool _table = true;
    private bool _files = true;

    /// <summary>Whether the routing table has to be pushed.</summary>
    public bool Table => _table;

    /// <summary>The state has to be written.</summary>
    public void MarkState() => _state = true;

    /// <summary>The routing table has to be pushed.</summary>
    public void MarkTable() => _table = true;

    /// <summary>A node has other files than before.</summary>
    public void MarkFiles() => _files = true;

    /// <summary>A model has to be decided on.</summary>
    public void MarkModel(string name) => _models.Add(name);

    /// <summary>Whether a model has to be decided on.</summary>
    public bool IsMarked(string name) => _models.Contains(name);

    /// <summary>A copy of the list of models that have to be decided on.</summary>
    public string[] Models() => _models.Count == 0 ? [] : [.. _models];

    /// <summary>A model is being decided on.</summary>
    public void ClearModel(string name) => _models.Remove(name);

    /// <summary>Drops the mark, since the state was read again.</summary>
    public void DropState() => _state = false;

    /// <summary>Whether the state has to be written; asked once.</summary>
    public bool TakeState() => Take(ref _state);

    /// <summary>Whether the routing table has to be pushed; asked once.</summary>
    public bool TakeTable() => Take(ref _table);

    /// <summary>Whether files have changed; asked once.</summary>
    public bool TakeFiles() => Take(ref _files);

    private static bool Take(ref bool mark)
    {
        var was = mark;
        mark = false;
        return was;
    }
}
