
        private void RescaleBelowOutputSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var keptRow = arguments.ReferenceRows == 1 ? 0 : 12;
            var head = arena.Slice(0, rows * 3); // [3]
            var logSoftmaxAxis = arena.Slice(rows * 16, rows * 3); // [3]
            var exp = arena.Slice(rows * 32, rows * 3); // [3]
            var headLseMove = arena.Slice(rows * 112, rows * 1); // [1]
            var headLseMove2 = arena.Slice(rows * 48, rows * 3); // [3]
            var mExp = back.Slice(rows * 64, rows * 3); // [3]
            var logSoftmaxAxis_0 = arguments.Kept[3..]; // [3]
            var exp_0 = arguments.Kept[6..]; // [3]
            var mLogSoftmaxAxis = back.Slice(rows * 80, rows * 3); // [3]
            var headShare = back.Slice(rows * 32, rows * 3); // [3]
            var head_0 = arguments.Kept; // [3]
            var headOthers = back.Slice(rows * 64, rows * 3); // [3]
            var mLogSoftmaxAxis2 = back.Slice(rows * 96, rows * 1); // [1]
            var mLogSoftmaxAxis3 = back.Slice(rows * 64, rows * 3); // [3]
            var headRest2 = back.Slice(rows * 96, rows * 3); // [3]
            var mLogSoftmaxAxis4 = back.Slice(rows * 128, rows * 1); // [1]
            var sumAxis_0 = arguments.Kept[11..]; // [1]
            var logSoftmaxAxisLeft = back.Slice(rows * 144, rows * 1); // [1]
            var mLogSoftmaxAxis5 = back.Slice(rows * 96, rows * 3); // [3]
            var headRest3 = back.Slice(rows * 112, rows * 3); // [3]
            var headOthers2 = back.Slice(0, rows * 3); // [3]
            var mLogSoftmaxAxis6 = back.Slice(rows * 64, rows * 1); // [1]
            var mLogSoftmaxAxis7 = back.Slice(0, rows * 3); // [3]
            var mLogSoftmaxAxis8 = back.Slice(rows * 96, rows * 1); // [1]
            var mLogSoftmaxAxis9 = back.Slice(rows * 64, rows * 3); // [3]
            var mHead = back.Slice(rows * 96, rows * 3); // [3]

            // Back through Softmax(Head(row)): mLogSoftmaxAxis = mExp * Exp[logSoftmaxAxis_0, logSoftmaxAxis] [3]
            Kernels.Loop.Map(default(RescaleThroughExpSecant), mLogSoftmaxAxis, rows, 3, new Kernels.Operand(mExp, 3),
                new Kernels.Operand(logSoftmaxAxis, 3), new Kernels.Operand(logSoftmaxAxis_0, keptRow), new Kernels.Operand(exp, 3),
                new Kernels.Operand(exp_0, keptRow));

            // how far a move of Head moves its log-sum-exp: headShare = Exp[logSoftmaxAxis_0 - max(headLseMove2, 0), logSoftmaxAxis +
            //     min(headLseMove2, 0)] * (1 / Exp[0, -|headLseMove2|]) [3]
            Kernels.Loop.Map(default(RescaleSecantShares), headShare, rows, 3, new Kernels.Operand(logSoftmaxAxis, 3),
                new Kernels.Operand(headLseMove2, 3), new Kernels.Operand(logSoftmaxAxis_0, keptRow));

            // Head without a share near 1: headOthers = (headLseMove2 > 0 ? logSoftmaxAxis : logSoftmaxAxis_0) + 0.28768207245178085 > 0 ?
            //     0 : headShare * (head - head_0) [3]
            Kernels.Loop.Map(default(RescaleWithoutLargest), headOthers, rows, 3, new Kernels.Operand(headLseMove2, 3),
                new Kernels.Operand(logSoftmaxAxis, 3), new Kernels.Operand(logSoftmaxAxis_0, keptRow),
                new Kernels.Operand(headShare, 3), new Kernels.Operand(head, 3), new Kernels.Operand(head_0, keptRow));

            // Back through Softmax(Head(row)): mLogSoftmaxAxis2 [1]
            Kernels.Reduce.Sum(headOthers, mLogSoftmaxAxis2, rows, 1, 3, 1, 1f);

            // Back through Softmax(Head(row)): mLogSoftmaxAxis3 [3]
            Kernels.Copy.Strided(mLogSoftmaxAxis2, 0, mLogSoftmaxAxis3, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // the shares of Head but one near 1: headRest2 = logSoftmaxAxis + 0.28768207245178085 > 0 ? 0 : Exp(logSoftmaxAxis) [3]
            Kernels.Loop.Map(default(RescaleOtherShares), headRest2, rows, 3, new Kernels.Operand(logSoftmaxAxis, 3));

            // Back through Softmax(Head(row)): mLogSoftmaxAxis4 [1]
            Kernels.Reduce.Sum(headRest2, mLogSoftmaxAxis4, rows, 1, 3, 1, 1f);

            // what a share near 1 leaves of 1, by the move of Softmax(Head(row))'s sum: logSoftmaxAxisLeft = Shares.Left(mLogSoftmaxAxis4,
            //     sumAxis_0, headLseMove) [1]
            Kernels.Loop.Map(default(RescaleLeftBySecant), logSoftmaxAxisLeft, rows, 1, new Kernels.Operand(mLogSoftmaxAxis4, 1),
                new Kernels.Operand(sumAxis_0, keptRow), new Kernels.Operand(headLseMove, 1));

            // Back through Softmax(Head(row)): mLogSoftmaxAxis5 [3]
            Kernels.Copy.Strided(logSoftmaxAxisLeft, 0, mLogSoftmaxAxis5, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // what a share near 1 of Head leaves of its move: headRest3 = min(logSoftmaxAxis, logSoftmaxAxis_0) + 0.28768207245178085 > 0 ?
            //     mLogSoftmaxAxis5 : |head - head_0| - 1 > 0 ? (logSoftmaxAxis - logSoftmaxAxis_0 + mLogSoftmaxAxis3) / (head - head_0) : 1
            //     - headShare [3]
            Kernels.Loop.Map(default(RescaleLeftBySecantShare), headRest3, rows, 3, new Kernels.Operand(logSoftmaxAxis, 3),
                new Kernels.Operand(logSoftmaxAxis_0, keptRow), new Kernels.Operand(mLogSoftmaxAxis5, 3), new Kernels.Operand(head, 3),
                new Kernels.Operand(head_0, keptRow), new Kernels.Operand(mLogSoftmaxAxis3, 3), new Kernels.Operand(headShare, 3));

            // Head without a share near 1: headOthers2 = (headLseMove2 > 0 ? logSoftmaxAxis : logSoftmaxAxis_0) + 0.28768207245178085 > 0 ?
            //     0 : mLogSoftmaxAxis [3]
            Kernels.Loop.Map(default(RescaleWithoutLargest2), headOthers2, rows, 3, new Kernels.Operand(headLseMove2, 3),
                new Kernels.Operand(logSoftmaxAxis, 3), new Kernels.Operand(logSoftmaxAxis_0, keptRow),
                new Kernels.Operand(mLogSoftmaxAxis, 3));

            // Back through Softmax(Head(row)): mLogSoftmaxAxis6 [1]
            Kernels.Reduce.Sum(headOthers2, mLogSoftmaxAxis6, rows, 1, 3, 1, 1f);

            // Back through Softmax(Head(row)): mLogSoftmaxAxis7 [3]
            Kernels.Copy.Strided(mLogSoftmaxAxis6, 0, mLogSoftmaxAxis7, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // Back through Softmax(Head(row)): mLogSoftmaxAxis8 [1]
            Kernels.Reduce.Sum(mLogSoftmaxAxis, mLogSoftmaxAxis8, rows, 1, 3, 1, 1f);

            // Back through Softmax(Head(row)): mLogSoftmaxAxis9 [3]
            Kernels.Copy.Strided(mLogSoftmaxAxis8, 0, mLogSoftmaxAxis9, 0, rows, 1, 3, new Kernels.Strides((1, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 1)));

            // Back through Softmax(Head(row)): mHead = (headLseMove2 > 0 ? logSoftmaxAxis : logSoftmaxAxis_0) + 0.28768207245178085 > 0 ?
            //     mLogSoftmaxAxis * headRest3 - mLogSoftmaxAxis7 * headShare : mLogSoftmaxAxis - mLogSoftmaxAxis9 * headShare [3]
            Kernels.Loop.Map(default(RescaleChoice), mHead, rows, 3, new Kernels.Operand(headLseMove2, 3),
                new Kernels.Operand(logSoftmaxAxis, 3), new Kernels.Operand(logSoftmaxAxis_0, keptRow),
                new Kernels.Operand(mLogSoftmaxAxis, 3), new Kernels.Operand(headRest3, 3), new Kernels.Operand(mLogSoftmaxAxis7, 3),
                new Kernels.Operand(headShare, 3), new Kernels.Operand(mLogSoftmaxAxis9, 3));
        }

        private void RescaleBelowOutputLogitsSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var mHead = back.Slice(rows * 96, rows * 3); // [3]
            var mRow = back.Slice(0, rows * 4); // [4]

            // Back through Head(row): mRow = Head^T * mHead [4]
            Kernels.MatMul.Affine(mHead, HeadBackWeights, [], mRow, rows);
        }
