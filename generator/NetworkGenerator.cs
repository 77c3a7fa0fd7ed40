using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Bind;

namespace Whence.Generator;

/// <summary>Reads every [Network] class and writes what its Forward means.</summary>
[Generator]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var networks = context.SyntaxProvider
            .ForAttributeWithMetadataName(Known.Network, (node, _) => node is TypeDeclarationSyntax, Bound.From)
            .WithTrackingName("Bound")
            .SelectMany((network, _) => network is null ? [] : new[] { network })
            .WithTrackingName("Network");
    }
}
