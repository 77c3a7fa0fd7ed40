
        // Exp(logSoftmaxAxis_0)
        private readonly struct RescaleExpValue : Kernels.IMap1
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V logSoftmaxAxis_0) where M : struct, IMath<V> =>
                new Ops.Exp().Value<V, M>(logSoftmaxAxis_0);
        }

        // log0 + 0.28768207245178085 > 0 ? 0 : Exp(log0)
        private readonly struct RescaleOtherShares : Kernels.IMap1
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V log0) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(log0, M.Constant(0.28768207245178085)), M.Constant(0), new Ops.Exp().Value<V, M>(log0));
        }

        // top - top0 - (most - most0)
        private readonly struct RescaleLogSumExpMove : Kernels.IMap4
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V top, V top0, V most, V most0) where M : struct, IMath<V> =>
                M.Subtract(M.Subtract(top, top0), M.Subtract(most, most0));
        }

        // m * Exp[x0, x]
        private readonly struct RescaleThroughExpSecant : Kernels.IMap5
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V m, V x, V x0, V y, V y0) where M : struct, IMath<V> =>
                M.Multiply(m, new Ops.Exp().Secant<V, M>(x, x0, y, y0));
        }

        // Exp[log0 - max(move, 0), log + min(move, 0)] * (1 / Exp[0, -|move|])
        private readonly struct RescaleSecantShares : Kernels.IMap3
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V log, V move, V log0) where M : struct, IMath<V>
            {
                var a = M.Add(log, M.Min(move, M.Constant(0)));
                var b = M.Subtract(log0, M.Max(move, M.Constant(0)));
                var c = M.Negate(M.Abs(move));
                return M.Multiply(new Ops.Exp().Secant<V, M>(a, b, new Ops.Exp().Value<V, M>(a),
                    new Ops.Exp().Value<V, M>(b)), M.Divide(M.Constant(1), new Ops.Exp().Secant<V, M>(c, M.Constant(0),
                    new Ops.Exp().Value<V, M>(c), new Ops.Exp().Value<V, M>(M.Constant(0)))));
            }
        }

        // (move > 0 ? log : log0) + 0.28768207245178085 > 0 ? 0 : share * (z - z0)
        private readonly struct RescaleWithoutLargest : Kernels.IMap6
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V move, V log, V log0, V share, V z, V z0) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(M.IfPositive(move, log, log0), M.Constant(0.28768207245178085)), M.Constant(0), M.Multiply(share,
                    M.Subtract(z, z0)));
        }

        // Shares.Left(left, left0, move)
        private readonly struct RescaleLeftBySecant : Kernels.IMap3
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V left, V left0, V move) where M : struct, IMath<V> =>
                Kernels.Shares.Left<V, M>(left, left0, move);
        }

        // min(log, log0) + 0.28768207245178085 > 0 ? left : |z - z0| - 1 > 0 ? (log - log0 + others) / (z - z0) : 1 - share
        private readonly struct RescaleLeftBySecantShare : Kernels.IMap7
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V log, V log0, V left, V z, V z0, V others, V share) where M : struct, IMath<V>
            {
                var a = M.Subtract(z, z0);
                return M.IfPositive(M.Add(M.Min(log, log0), M.Constant(0.28768207245178085)), left, M.IfPositive(M.Subtract(M.Abs(a),
                    M.Constant(1)), M.Divide(M.Add(M.Subtract(log, log0), others), a), M.Subtract(M.Constant(1), share)));
            }
        }

        // (move > 0 ? log : log0) + 0.28768207245178085 > 0 ? 0 : v
        private readonly struct RescaleWithoutLargest2 : Kernels.IMap4
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V move, V log, V log0, V v) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(M.IfPositive(move, log, log0), M.Constant(0.28768207245178085)), M.Constant(0), v);
        }

        // (move > 0 ? log : log0) + 0.28768207245178085 > 0 ? m * left - others * p : m - all * p
        private readonly struct RescaleChoice : Kernels.IMap8
        {
            [Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]
            public V At<V, M>(V move, V log, V log0, V m, V left, V others, V p, V all) where M : struct, IMath<V> =>
                M.IfPositive(M.Add(M.IfPositive(move, log, log0), M.Constant(0.28768207245178085)), M.Subtract(M.Multiply(m, left),
                    M.Multiply(others, p)), M.Subtract(m, M.Multiply(all, p)));
        }
