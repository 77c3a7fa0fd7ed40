using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>Says where <c>Quadrature.Exact</c> is asked for that has no exact integral.</summary>
internal sealed class ExactReader(Askable network, IInvocationOperation call)
{
    // The runtime's Quadrature.Exact.
    private const int Exact = 5;

    /// <summary>What is wrong with a call's options.</summary>
    public IEnumerable<Report> Read(IOperation options)
    {
        if (Once.Value(options) is not IObjectCreationOperation { Initializer: { } given })
            yield break;
        IOperation? Given(string name) => given.Initializers.OfType<ISimpleAssignmentOperation>()
            .FirstOrDefault(one => one.Target is IPropertyReferenceOperation { Property: { } property } && property.Name == name)?.Value;
        // Points of one's own come before the quadrature.
        if (Given("Quadrature") is not { } quadrature || Once.Constant(quadrature) is not Exact || Given("Points") is not null)
            yield break;
        var place = quadrature.Syntax.GetLocation();
        if (call.TargetMethod.Name != "IntegratedGradients")
            yield return new(Problems.MethodNotExact, place, call.TargetMethod.Name);
        else if (network.Kinked is { } kinked && Target(kinked) is { } complaint)
            yield return new(Problems.NotPiecewiseLinear, place, network.Name, complaint.Point, complaint.Instead);
    }

    // What is asked about, if it is known not to be linear but for kinks; nothing at all may be.
    private (string Point, string Instead)? Target(IReadOnlyCollection<int> kinked)
    {
        const string Smooth = "Quadrature.GaussLegendre suits smooth networks";
        var target = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Type is { } type
            && (type.Is(Known.Target) || type.Is(Known.Targets)));
        var asked = target is null ? null : new TargetReader(network).Point(target.Value);
        if (asked is not { } point)
            return kinked.Count == 0 ? ("output", Smooth) : null;
        return kinked.Contains(point.Index) ? null
            : point.Logits is { } logits && kinked.Contains(logits) ? (point.Name, "leave OfOutput() out, which asks about the logit")
            : (point.Name, Smooth);
    }
}
