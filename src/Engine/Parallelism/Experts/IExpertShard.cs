namespace Grid.Engine.Parallelism.Experts;

/// <summary>A set of experts that serves whatever is waiting and never waits for anybody.</summary>
internal interface IExpertShard : IDisposable
{
    /// <summary>What people see: <c>ep3</c>.</summary>
    string Name { get; }

    /// <summary>Whether calls are answered; false once it has ended.</summary>
    bool IsAlive { get; }

    /// <summary>Takes a call and answers it later.</summary>
    void Submit(ExpertCall call);

    /// <summary>Loads a further copy of an expert, between calls.</summary>
    Task LoadAsync(int layer, int expert);

    /// <summary>Lets go of an expert that no call names any more.</summary>
    void Unload(int layer, int expert);
}
