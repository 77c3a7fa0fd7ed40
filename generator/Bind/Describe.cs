using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>What a piece of C# is, in words.</summary>
internal static class Describe
{
    private const string Callable = "Forward can call layers, functions of Nn, [Elementwise<>] functions, methods of its own class, and Forward of its fields";

    /// <summary>Words that follow "Forward cannot be compiled with".</summary>
    public static string Of(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.IsPartialDefinition: true } call => $"the layer {call.TargetMethod.Name} of another class: give {call.TargetMethod.ContainingType.Name} a field and call its Forward",
        IInvocationOperation call => $"a call of {call.TargetMethod.ContainingType?.Name}.{call.TargetMethod.Name}: {Callable}",
        IObjectCreationOperation creation when creation.Type.IsNetwork() => $"a sub-network made in it: make {creation.Type!.Name} in a readonly field",
        IObjectCreationOperation creation => $"a new {creation.Type?.Name}",
        IPropertyReferenceOperation property => $"the property {property.Property.ContainingType.Name}.{property.Property.Name}",
        IFieldReferenceOperation field => $"the field {field.Field.Name}: only constants and readonly fields are known when it is compiled",
        IWhileLoopOperation => "a while loop: use for or foreach over constants",
        ISwitchOperation or ISwitchExpressionOperation => "a switch",
        ITryOperation => "a try statement",
        IUsingOperation or IUsingDeclarationOperation => "a using statement",
        ILockOperation => "a lock",
        IThrowOperation => "a throw",
        IAwaitOperation => "an await",
        IReturnOperation => "a yield",
        IAnonymousFunctionOperation => "a lambda",
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation } => "a lambda",
        IDelegateCreationOperation => "a delegate",
        IBranchOperation => "a goto",
        IInterpolatedStringOperation => "a string made while it runs",
        ISimpleAssignmentOperation assignment => $"an assignment to {assignment.Target.Syntax}: it can only assign to locals",
        ICoalesceOperation => "a ?? between tensors",
        IArrayElementReferenceOperation => "an element of this array",
        IBinaryOperation binary => $"the operator {binary.OperatorKind} here: tensors know + - * /",
        IUnaryOperation unary => $"the operator {unary.OperatorKind} here",
        IIsPatternOperation or IIsTypeOperation => "a pattern",
        _ => $"{operation.Syntax.GetType().Name.Replace("Syntax", "")} ({operation.Kind})",
    };
}
