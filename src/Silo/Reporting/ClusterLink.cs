namespace Grid.Silo.Reporting;

/// <summary>This process's way into the cluster while its silo runs; a new one after each restart of the silo inside the process.</summary>
/// <param name="Grains">The grain factory of the running silo.</param>
/// <param name="SiloAddress">Orleans' address of the running silo, in its parsable form.</param>
public sealed record ClusterLink(IGrainFactory Grains, string SiloAddress)
{
    /// <summary>Reads both from a started silo.</summary>
    public static ClusterLink Of(IServiceProvider silo) =>
        new(silo.GetRequiredService<IGrainFactory>(), silo.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString());
}
