namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>What an expert shard is told over a link, as <see cref="IExpertShard"/> has it.</summary>
internal enum ExpertVerb
{
    /// <summary>Tell your load.</summary>
    GetLoad = 1,

    /// <summary>Load what a placement gives you.</summary>
    Prepare = 2,

    /// <summary>Lead who asks you to a placement.</summary>
    Place = 3,

    /// <summary>Drop what it does not give you.</summary>
    Trim = 4,
}
