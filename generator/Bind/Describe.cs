using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>
/// What a piece of C# is, in words, and where there is one what to write instead. It never names what the compiler calls things.
/// </summary>
internal static class Describe
{
    private const string Callable = "Forward can call layers, functions of Nn, [Elementwise<>] functions, its own and static methods whose "
        + "source is in this project, and Forward of its fields";

    /// <summary>Words that follow "Forward cannot be compiled with".</summary>
    public static string Of(IOperation operation) => operation switch
    {
        IInvocationOperation { IsImplicit: true } or IObjectCreationOperation { IsImplicit: true } => $"'{Words(operation.Syntax)}' here",
        IInvocationOperation call => OfCall(call),
        IObjectCreationOperation creation when creation.Type.IsNetwork() =>
            $"a sub-network made in it: make {creation.Type!.Name} in a readonly field",
        IObjectCreationOperation creation when creation.Type.IsTensor() =>
            "a new Tensor: Constant(...) is a tensor of numbers, and Zeros(...) one of zeros",
        IObjectCreationOperation { Type: INamedTypeSymbol { TypeArguments: [var element] } } list when element.IsNetwork() =>
            $"a new {list.Type!.Name} of sub-networks: give each {element.Name} a readonly field of its own",
        IObjectCreationOperation { Type: INamedTypeSymbol { TypeArguments: [var element] } list, Initializer: not null }
            when element.IsTensor() =>
            $"a new {list.Name} with its elements in braces: add them, or write an array",
        IObjectCreationOperation or ITypeParameterObjectCreationOperation => $"a new {operation.Type?.Name}",
        IAnonymousObjectCreationOperation => "an anonymous object: use a tuple",
        IPropertyReferenceOperation property => OfProperty(property),
        IFieldReferenceOperation field => OfField(field.Field),
        IEventReferenceOperation or IEventAssignmentOperation or IRaiseEventOperation => "an event",
        IMethodReferenceOperation or IDelegateCreationOperation { Target: IMethodReferenceOperation } =>
            $"a method as a value, {Words(operation.Syntax)}: call it",
        IArrayElementReferenceOperation or IImplicitIndexerReferenceOperation or IInlineArrayAccessOperation => "an element of this array",
        IArrayCreationOperation { DimensionSizes.Length: > 1 } => "an array of several axes: an array of one has all its elements",
        IArrayCreationOperation => "an array of this size: a size is a constant",
        ICollectionExpressionOperation or ISpreadOperation => "a collection of what is no array, nor a list that Forward filled",
        IRangeOperation => "a range by itself: write it in the brackets, x[1..3]",
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } => "a place from the end by itself: write it in the brackets, x[^1]",
        ILocalReferenceOperation local => $"the local {local.Local.Name} here",
        IParameterReferenceOperation parameter => $"the parameter {parameter.Parameter.Name} here",
        IInstanceReferenceOperation => "the network itself as a value",
        IConversionOperation conversion => $"a conversion of {Words(conversion.Operand.Syntax)} to "
            + $"{conversion.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}",
        ISizeOfOperation or IAddressOfOperation => "a pointer",
        ITypeOfOperation => "a typeof",
        INameOfOperation or ILiteralOperation or IDefaultValueOperation or IUtf8StringOperation =>
            $"the value {Words(operation.Syntax)} here",
        _ => OfStatement(operation) ?? OfOperator(operation) ?? $"'{Words(operation.Syntax)}', which is neither a tensor nor a constant",
    };

    /// <summary>Arithmetic of constants that gives none.</summary>
    public static string NoResult(IOperation operation, BinaryOperatorKind kind, object right) =>
        kind is BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder && right is 0 or 0L or 0u or 0UL
            ? $"'{Words(operation.Syntax)}', which divides by zero"
            : $"the operator {Sign(operation.Syntax)} here, whose result is out of range or not known";

    /// <summary>A method as a user names it: its class and its name.</summary>
    public static string Called(IMethodSymbol method) =>
        method.ContainingType is { Name.Length: > 0 } type ? $"{type.Name}.{method.Name}" : method.Name;

    /// <summary>The user's own words, on one line and not too many.</summary>
    public static string Words(SyntaxNode place)
    {
        const int most = 80;
        var words = string.Join(" ", place.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Replace("( ", "(")
            .Replace(" )", ")");
        return words.Length <= most ? words : words.Substring(0, most - 3) + "...";
    }

    private static string OfCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.IsPartialDefinition)
            return $"the layer {method.Name} of another class: give {method.ContainingType.Name} a field and call its Forward";
        if (method.MethodKind == MethodKind.DelegateInvoke)
            return $"a call of the delegate {Words(call.Instance?.Syntax ?? call.Syntax)}: {Callable}";
        if (ConstantFunctions.Know(method))
            return call.Arguments
                .Any(argument => FieldReader.Plain(argument.Value) is { ConstantValue.HasValue: false } value && value.Type.IsTensor()
                    || argument.Parameter?.Type.IsTensor() == true)
                ? $"a call of {Called(method)} of a tensor: Nn has functions of tensors"
                : $"a call of {Called(method)} of what is not a constant, or gives no number; functions of tensors are in Nn";
        if (AsLayer(call) is { } layer)
            return $"a call of {Called(method)}, which takes a layer's weights: declare it as a layer, {layer}, and call that";
        if (method.ContainingType.Is("System.Linq.Enumerable"))
            return $"a call of {Called(method)}: use a for or foreach loop, which is unrolled";
        if (method.ContainingType.IsTensor() && method.Name == "Map")
            return $"a call of {Called(method)}: mark a method of yours with [Elementwise<>] and call that";
        if (method is { Name: Known.Forward, IsStatic: false } && !method.DeclaringSyntaxReferences.IsEmpty && method.ReturnType.IsTensor())
            return $"a call of {Called(method)}: put [Network] before {method.ContainingType.Name}, to make it a sub-network";
        return $"a call of {Called(method)}: {Callable}";
    }

    /// <summary>The attribute that declares what a function of Nn computes from weights that it is given; null of other methods.</summary>
    private static string? AsLayer(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (!IsOfWeights(method) || method.ContainingAssembly.GetTypeByMetadataName($"Whence.{method.Name}Attribute") is not { } attribute)
            return null;
        var settings = new List<string>();
        if (attribute.InstanceConstructors.All(constructor => constructor.Parameters.Length > 0))
            settings.Add("...");
        if (attribute.GetMembers("Affine").Length > 0 && IsNull("weight"))
            settings.Add("Affine = false");
        else if (attribute.GetMembers("Bias").Length > 0 && IsNull("bias"))
            settings.Add("Bias = false");
        return settings.Count == 0 ? $"[{method.Name}]" : $"[{method.Name}({string.Join(", ", settings)})]";

        bool IsNull(string role) => call.Arguments.Any(argument => argument.Parameter?.Name == role
            && FieldReader.Plain(argument.Value).ConstantValue is { HasValue: true, Value: null });
    }

    /// <summary>Whether a method is a function of Nn that takes weights, which only layers have.</summary>
    public static bool IsOfWeights(IMethodSymbol method) => method.ContainingType.Is(Known.Functions)
        && method.Parameters.Any(parameter => parameter.Name.StartsWith("weight", StringComparison.Ordinal));

    private static string OfProperty(IPropertyReferenceOperation property)
    {
        var called = $"{property.Property.ContainingType.Name}.{property.Property.Name}";
        if (property.Property.ContainingType.IsTensor() && property.Property.IsIndexer)
            return "an element of a tensor, a number that is not known when it is compiled: x[^1] is its last part along axis 0, x[..1] "
                + "its first, as tensors, and foreach goes over all parts";
        if (property.Property.IsIndexer)
            return $"an element of a {property.Property.ContainingType.Name}";
        if (property.Property.ContainingType.IsTensor())
            return $"the property {called}, whose numbers are not known when it is compiled: compute with the tensor itself";
        if (property.Property.SetMethod is not null && property.Property.DeclaringSyntaxReferences.Length > 0)
            return $"the property {called}, which can be set later: leave out its setter";
        return $"the property {called}: it is known when compiled if its source is in this project and gives a constant";
    }

    private static string OfField(IFieldSymbol field) =>
        field.DeclaringSyntaxReferences.IsEmpty && field.IsReadOnly
            ? $"the field {field.Name} of another assembly: only its constants are known when it is compiled" :
        !field.IsReadOnly && !field.IsConst ? $"the field {field.Name}, which can change: make it readonly; only constants and readonly "
            + "fields are known when it is compiled" :
        $"the field {field.Name}: only constants and readonly fields are known when it is compiled";

    private static string? OfStatement(IOperation operation) => operation switch
    {
        IWhileLoopOperation => "a while loop: use for or foreach over constants",
        ILoopOperation => "this loop: use for or foreach over constants",
        ISwitchOperation or ISwitchCaseOperation or ICaseClauseOperation or ISwitchExpressionOperation or ISwitchExpressionArmOperation =>
            "a switch over what is not a constant",
        ITryOperation or ICatchClauseOperation => "a try statement",
        IUsingOperation or IUsingDeclarationOperation => "a using statement",
        ILockOperation => "a lock",
        IThrowOperation => "a throw that is reached",
        IAwaitOperation => "an await",
        IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } => "a yield: return a tensor or a tuple",
        IReturnOperation => "a return here",
        IAnonymousFunctionOperation => "a lambda: use a method, or a loop",
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation } => "a lambda: use a method, or a loop",
        IDelegateCreationOperation or IFunctionPointerInvocationOperation or IDynamicInvocationOperation => "a delegate: call a method",
        IBranchOperation or ILabeledOperation => "a goto",
        IStopOperation or IEndOperation => "this statement",
        IBlockOperation or IExpressionStatementOperation or IVariableDeclarationGroupOperation or IVariableDeclarationOperation
            or IVariableDeclaratorOperation => $"'{Words(operation.Syntax)}' here",
        ILocalFunctionOperation => "a local function here",
        _ => null,
    };

    private static string? OfOperator(IOperation operation) => operation switch
    {
        IInterpolatedStringOperation or IInterpolatedStringHandlerCreationOperation or IInterpolatedStringAdditionOperation =>
            "a string made while it runs",
        IInterpolatedStringContentOperation or IInterpolatedStringAppendOperation => "a string made while it runs",
        IAssignmentOperation assignment => $"an assignment to {Words(assignment.Target.Syntax)}: it can only assign to locals, and to "
            + "elements of arrays that it made, in a foreach over a tensor in the same step",
        ICoalesceOperation => "a ?? here",
        IConditionalAccessOperation or IConditionalAccessInstanceOperation => "a ?. here: a tensor is never null",
        IBinaryOperation binary when IsOfTensors(binary) =>
            $"the operator {Sign(operation.Syntax)} here: tensors know + - * /, and are never null",
        IBinaryOperation => $"the operator {Sign(operation.Syntax)} here, whose result is out of range or not known",
        ITupleBinaryOperation => $"the operator {Sign(operation.Syntax)} between tuples: compare their parts",
        IUnaryOperation or IIncrementOrDecrementOperation => $"the operator {Sign(operation.Syntax)} here",
        IIsPatternOperation or IIsTypeOperation or IPatternOperation or IPropertySubpatternOperation =>
            "a pattern here: patterns are compared with constants",
        IConditionalOperation => "a condition that is not a constant",
        IWithOperation => "a with expression",
        IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation or IDynamicIndexerAccessOperation =>
            "a dynamic value: give it its type",
        ITranslatedQueryOperation => "a query: use a for or foreach loop, which is unrolled",
        IDiscardOperation or IOmittedArgumentOperation or IDeclarationExpressionOperation => $"'{Words(operation.Syntax)}' here",
        ITupleOperation or IDeconstructionAssignmentOperation => "a tuple here",
        _ => null,
    };

    private static bool IsOfTensors(IBinaryOperation binary) =>
        FieldReader.Plain(binary.LeftOperand).Type.IsTensor() || FieldReader.Plain(binary.RightOperand).Type.IsTensor();

    /// <summary>An operator as it is written.</summary>
    private static string Sign(SyntaxNode syntax) => syntax switch
    {
        BinaryExpressionSyntax binary => binary.OperatorToken.Text,
        AssignmentExpressionSyntax assignment => assignment.OperatorToken.Text,
        PrefixUnaryExpressionSyntax unary => unary.OperatorToken.Text,
        PostfixUnaryExpressionSyntax unary => unary.OperatorToken.Text,
        _ => $"of {Words(syntax)}",
    };
}
