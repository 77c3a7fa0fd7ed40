using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>
/// Reads a target as it is written, <c>Target.Unit(7).Of("second").MeanCentred(0)</c>, and says what of it the network does not have.
/// </summary>
internal sealed class TargetReader(Askable network)
{
    /// <summary>What is wrong with a target, or with several, of so many inputs.</summary>
    public IEnumerable<Report> Read(IOperation value, long? inputs = null)
    {
        switch (Once.Value(value))
        {
            case IInvocationOperation call when call.TargetMethod.ContainingType.Is(Known.Target):
                return ReadOne(call);
            case IInvocationOperation { Arguments: [{ Value: var several }] } call when call.TargetMethod.ContainingType.Is(Known.Targets):
                return Number(call, several, inputs).Concat(Written.Elements(several).SelectMany(one => Read(one)));
            default:
                return [];
        }
    }

    /// <summary>Where each input has its own target, there are as many.</summary>
    private IEnumerable<Report> Number(IInvocationOperation call, IOperation several, long? inputs)
    {
        if (call.TargetMethod.Name == "PerInput" && inputs is >= 0 && Written.Length(several) is { } given && given != inputs)
            yield return new(Problems.TargetsWrong, several.Syntax.GetLocation(), network.Name,
                inputs == 1 ? "1 input" : $"{inputs} inputs", $"{given}");
    }

    /// <summary>
    /// The point that a target is a unit of, by its place in the signature, and where it is an output that of its logits; null where that
    /// is not known.
    /// </summary>
    public (int Index, int? Logits, string Name)? Point(IOperation value)
    {
        if (Once.Value(value) is not IInvocationOperation last || !last.TargetMethod.ContainingType.Is(Known.Target))
            return null;
        var said = Chain(last);
        if (said[0].Instance is not null)
            return null;
        if (Argument(said[0], "layer") is { } layer)
            return Once.Constant(layer) is string name && network.Point("Layer", 0, name) is var of && of >= 0 ? (of, null, name) : null;
        var output = 0;
        if (said.Select(call => Argument(call, "output")).OfType<IOperation>().LastOrDefault() is { } given)
            output = Once.Constant(given) is { } one
                ? one is int place ? place : network.Outputs.ToList().FindIndex(known => known.Name.Equals(one))
                : -1;
        var isOutput = said.Any(call => call.TargetMethod.Name == "OfOutput");
        var logits = network.Point("Logits", output, null);
        return logits < 0 ? null : (isOutput ? network.Point("Output", output, null) : logits, logits, network.Outputs[output].Name);
    }

    private IEnumerable<Report> ReadOne(IInvocationOperation last)
    {
        var said = Chain(last);
        var first = said[0];
        if (first.Instance is not null)
            return [];
        if (Argument(first, "layer") is { } layer)
            return Doors.Layer(network, layer).ToList() is { Count: > 0 } unknown ? unknown :
                Once.Constant(layer) is string name ? Units(first, said, name, network.Layer(name)!).Concat(
                    Centred(said, name, network.Layer(name)!, network.Classes(name))) : [];
        if (said.LastOrDefault(call => Argument(call, "output") is not null) is { } of)
            return OfOutput(Argument(of, "output")!, first, said);
        return OfOutput(0, first, said);
    }

    /// <summary>The calls of a chain, the first first.</summary>
    private static List<IInvocationOperation> Chain(IInvocationOperation last)
    {
        var calls = new List<IInvocationOperation>();
        for (var call = last; call is not null; call = Once.Value(call.Instance) as IInvocationOperation)
            calls.Insert(0, call);
        return calls;
    }

    private IEnumerable<Report> OfOutput(IOperation output, IInvocationOperation first, IReadOnlyList<IInvocationOperation> said)
    {
        if (Once.Constant(output) is not { } given)
            return [];
        var index = given is int place ? place : network.Outputs.ToList().FindIndex(one => one.Name.Equals(given));
        if (index >= 0 && index < network.Outputs.Count)
            return OfOutput(index, first, said);
        var has = Listing.Of(network.Outputs.Select((one, i) => $"{i}, {SafetensorsHeader.Quote(one.Name)} {one.Shape}"));
        var asked = given is string name ? SafetensorsHeader.Quote(name) : $"{given}";
        return [new(Problems.OutputUnknown, output.Syntax.GetLocation(), network.Name, asked, has)];
    }

    private IEnumerable<Report> OfOutput(int index, IInvocationOperation first, IReadOnlyList<IInvocationOperation> said)
    {
        var (name, shape) = network.Outputs[index];
        return Units(first, said, name, shape).Concat(Centred(said, name, shape, network.Classes(index)));
    }

    /// <summary>Of several axes one is the classes', and must be said where no softmax says it.</summary>
    private IEnumerable<Report> Centred(IReadOnlyList<IInvocationOperation> said, string point, Shape shape, Ops.Classes classes)
    {
        if (said.LastOrDefault(call => call.TargetMethod.Name == "MeanCentred") is not { } centred || Argument(centred, "axis") is not null
            || classes.Axis is not null || shape.Size == 1 || !classes.IsLost && shape.ToArray().Count(axis => axis > 1) == 1)
            return [];
        var place = centred.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } }
            ? name
            : centred.Syntax;
        var lost = classes.IsLost ? ", and no axis of it has the shares of one softmax alone" : "";
        return
        [
            Unit(place, "axis that is known to be the classes'",
                $"{point} is {shape}{lost}; say it, as MeanCentred(axis: {shape.Rank - 1})"),
        ];
    }

    private IEnumerable<Report> Units(IInvocationOperation first, IReadOnlyList<IInvocationOperation> said, string point, Shape shape)
    {
        var indices = first.Arguments.Where(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_Int32)
            .OrderBy(argument => argument.Parameter!.Ordinal).ToList();
        var has = $"{point} is {shape}";
        if (Argument(first, "weights") is { } weights)
            return Written.Length(weights) is { } count && count != shape.Size
                ? [Unit(first.Syntax, $"{count} units to weigh", $"{has}, {shape.Size} units")]
                : [];
        // One index counts all units; Difference has two of that kind.
        var isFlat = indices.Count == 1 || first.TargetMethod.Name == "Difference";
        if (!isFlat && indices.Count != shape.Rank)
            return [Unit(first.Syntax, $"unit of {indices.Count} indices", has)];
        var wrong = new List<Report>();
        for (var i = 0; i < indices.Count; i++)
        {
            var size = isFlat ? shape.Size : shape[i];
            if (Once.Constant(indices[i].Value) is int index && (index < 0 || index >= size))
                wrong.Add(Unit(indices[i].Value.Syntax, isFlat ? $"unit {index}" : $"index {index} on axis {i}",
                    size == 1 ? $"{has}, one unit" : $"{has}, counted from 0 to {size - 1}"));
        }
        if (said.Select(call => Argument(call, "axis")).OfType<IOperation>().LastOrDefault() is { } centred
            && Once.Constant(centred) is int axis
            && (axis < 0 || axis >= shape.Rank))
            wrong.Add(Unit(centred.Syntax, $"axis {axis}", has));
        return wrong;
    }

    private Report Unit(SyntaxNode place, string what, string has) =>
        new(Problems.UnitUnknown, place.GetLocation(), network.Name, what, has);

    private static IOperation? Argument(IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value;
}
