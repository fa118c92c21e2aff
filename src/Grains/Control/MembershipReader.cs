using Grid.Grains.Records;

namespace Grid.Grains.Control;

/// <summary>Reads the cluster's membership for the controller.</summary>
internal static class MembershipReader
{
    /// <summary>Reads the complete membership.</summary>
    public static GridEvent.MembershipRead Read(ClusterMembershipSnapshot snapshot) => new(
        snapshot.Version.Value,
        [.. snapshot.Members.Values.Select(
            member => new MemberSilo(member.Name, member.SiloAddress.ToParsableString(), member.Status != SiloStatus.Dead))]);
}
