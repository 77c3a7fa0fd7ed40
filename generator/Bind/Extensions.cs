using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Members of extension blocks, <c>extension(Tensor x) { ... }</c>, which are inlined like methods with one more parameter.
/// </summary>
internal sealed partial class Binder
{
    // TypeKind.Extension, which the compiler's own list calls experimental as yet.
    private const int ExtensionBlock = 14;

    private static bool IsExtension(INamedTypeSymbol? type) => type is not null && (int)type.TypeKind == ExtensionBlock;

    private Value CallExtension(IInvocationOperation call)
    {
        var receiver = call.Instance ?? (call.Arguments.Length > call.TargetMethod.Parameters.Length ? call.Arguments[0].Value : null);
        var value = receiver is null ? null : Evaluate(receiver);
        return Inline(call, call.TargetMethod.OriginalDefinition, method => Open(method, value));
    }

    private Value CallExtension(IPropertyReferenceOperation reference)
    {
        if (reference.Property.OriginalDefinition.GetMethod is not { } getter || !reference.Arguments.IsEmpty)
            return NotInForward(reference);
        if (running.Contains(getter, SymbolEqualityComparer.Default))
            return Report(Problems.Recursion, reference.Syntax, reference.Property.Name, "");
        var (inner, body) = Open(getter, reference.Instance is null ? null : Evaluate(reference.Instance));
        if (body is null)
            return NotInForward(reference);
        running.Push(getter);
        var value = Run(inner, getter, body, []);
        running.Pop();
        return value;
    }

    /// <summary>A member's frame, in which the block's own parameter is what the member is called on.</summary>
    private (Frame Frame, IOperation? Body) Open(IMethodSymbol member, Value? receiver)
    {
        var (inner, body) = (new Frame(member, frame.Self), sources.Code(member));
        var parameter = body?.Descendants().OfType<IParameterReferenceOperation>().Select(reference => reference.Parameter)
            .FirstOrDefault(one => one.ContainingSymbol is INamedTypeSymbol);
        if (parameter is not null && receiver is not null)
            inner.Declare(parameter.OriginalDefinition, receiver);
        return (inner, body);
    }
}
