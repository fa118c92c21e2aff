namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>A command to an expert shard over a link. <see cref="IExpertShard"/> says what each does.</summary>
internal enum ExpertCommand
{
    /// <summary><see cref="IExpertShard.GetLoadAsync"/>.</summary>
    GetLoad = 1,

    /// <summary><see cref="IExpertShard.PrepareAsync"/>.</summary>
    Prepare = 2,

    /// <summary><see cref="IExpertShard.PlaceAsync"/>.</summary>
    Place = 3,

    /// <summary><see cref="IExpertShard.TrimAsync"/>.</summary>
    Trim = 4,
}
