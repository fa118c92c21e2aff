using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>What a process needs to be a member.</summary>
/// <param name="ClusterId">The grid's id, Orleans' cluster id too.</param>
/// <param name="Terms">The addresses of the grid's parts.</param>
/// <param name="Tls">The certificates of all links of the node.</param>
/// <param name="Issuer">For <see cref="CertificateRenewal"/>.</param>
public sealed record Membership(string ClusterId, GridTerms Terms, NodeTls Tls, ICertificateIssuer Issuer);
